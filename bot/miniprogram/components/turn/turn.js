// One turn of the conversation.
const { moment } = require('../../lib/moment')

const WHO = { caller: '我', bot: '智能助手', agent: '工作人员' }

Component({
  properties: {
    turn: { type: Object, value: {} },
    elder: { type: Boolean, value: false },
  },
  observers: {
    turn(turn) {
      this.setData({ who: WHO[turn.speaker] || '', at: moment(turn.at) })
    },
  },
  methods: {
    read() {
      this.triggerEvent('read', { seq: this.data.turn.seq })
    },
    open(event) {
      this.triggerEvent('open', event.detail)
    },
  },
})
