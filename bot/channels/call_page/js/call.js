// A call in full duplex: the browser cancels the echo, the hotline hears interruptions.
const RATE = 16000;
const place = (id) => document.getElementById(id);
const state = place("state");
let call = null;

function show(name) {
  state.textContent = state.dataset[name];
  state.dataset.now = name;
  const busy = name === "calling" || name === "talking";
  place("call").hidden = busy;
  place("end").hidden = !busy;
  place("keys").hidden = name !== "talking";
}

async function microphone() {
  return navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  });
}

async function dial() {
  show("calling");
  let stream;
  try {
    stream = await microphone();
  } catch {
    show("microphone");
    return;
  }
  const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
  const ways = { stream, context, socket: null, outcome: "ended" };
  call = ways;
  try {
    await context.audioWorklet.addModule("/static/call/js/line.js");
    connect(ways);
  } catch {
    hangUp("refused");
  }
}

function connect(ways) {
  const { context, stream } = ways;
  const mouth = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0 });
  const ear = new AudioWorkletNode(context, "earpiece", { numberOfInputs: 0, outputChannelCount: [1] });
  ear.connect(context.destination);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws/call`);
  socket.binaryType = "arraybuffer";
  ways.socket = socket;
  socket.onopen = () => {
    context.createMediaStreamSource(stream).connect(mouth);
    mouth.port.onmessage = ({ data }) => {
      if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < 64000) socket.send(data.buffer);
    };
  };
  socket.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) {
      if (state.dataset.now === "calling") show("talking");
      ear.port.postMessage(new Int16Array(data));
      return;
    }
    const told = JSON.parse(data);
    if (told.event === "clear") ear.port.postMessage("clear");
    if (told.event === "refused") ways.outcome = "refused";
    if (told.event === "ended" && told.next === "agent") ways.outcome = "agent";
  };
  socket.onclose = () => {
    if (call === ways) hangUp(ways.outcome);
  };
}

function hangUp(outcome) {
  const ways = call;
  call = null;
  show(outcome);
  if (!ways) return;
  ways.stream.getTracks().forEach((track) => track.stop());
  ways.context.close();
  ways.socket?.close();
}

place("call").addEventListener("click", dial);
place("end").addEventListener("click", () => hangUp("ended"));
place("keys").addEventListener("click", ({ target }) => {
  const digit = target.dataset.key;
  if (digit && call?.socket?.readyState === WebSocket.OPEN) {
    call.socket.send(JSON.stringify({ event: "dtmf", digit }));
  }
});
