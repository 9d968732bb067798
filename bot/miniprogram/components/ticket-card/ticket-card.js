// A ticket in short: its number, state, light and clock.
const { states, lights } = require('../../lib/strings')
const { left } = require('../../lib/moment')

Component({
  properties: {
    ticket: { type: Object, value: {} },
    elder: { type: Boolean, value: false },
  },
  observers: {
    ticket(ticket) {
      const due = ticket.due_at || (ticket.transferred_at ? null : ticket.transfer_due_at)
      this.setData({ state: states[ticket.status] || '', light: lights[ticket.light] || '', due: left(due) })
    },
  },
  methods: {
    open() {
      this.triggerEvent('open', { no: this.data.ticket.ticket_no })
    },
  },
})
