// The desk's live line: what changed, as it changes. `heard(event)` gets each event; a `gap` says
// that some may have been missed, and comes after every reconnection too.
export class Live {
  constructor(heard, state) {
    this.heard = heard;
    this.state = state;
    this.watched = new Set();
    this.wait = 500;
  }

  open() {
    this.closed = false;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/desk`);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.wait = 500;
      this.state(true);
      for (const id of this.watched) this.send("watch", id);
      this.heard({ type: "gap", first: true });
    });
    socket.addEventListener("message", (event) => this.heard(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      if (this.closed) return;
      this.state(false);
      setTimeout(() => this.closed || this.open(), this.wait);
      this.wait = Math.min(this.wait * 2, 5_000);
    });
  }

  close() {
    this.closed = true;
    this.watched.clear();
    this.socket?.close();
  }

  // Watch these, and no others.
  keep(ids) {
    for (const id of this.watched) if (!ids.has(id)) this.unwatch(id);
    for (const id of ids) if (!this.watched.has(id)) this.watch(id);
  }

  watch(id) {
    this.watched.add(id);
    this.send("watch", id);
  }

  unwatch(id) {
    if (this.watched.delete(id)) this.send("unwatch", id);
  }

  send(type, id) {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ type, session_id: id }));
    }
  }
}
