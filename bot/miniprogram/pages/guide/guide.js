// The knowledge base to read: the sure answer first and open, the others below it.
const elder = require('../../lib/elder')
const { open } = require('../../lib/http')
const { error } = require('../../lib/strings')

Component({
  data: { question: '', hot: [], entries: [], opened: '', searched: false, complaint: '', elder: false },
  methods: {
    async onLoad() {
      this.setData({ elder: elder.isOn() })
      await this.load('guide', ({ hot }) => ({ hot }))
    },
    type({ detail }) {
      this.setData({ question: detail.value })
    },
    pick({ currentTarget }) {
      this.setData({ question: currentTarget.dataset.question })
      return this.search()
    },
    async search() {
      const question = this.data.question.trim()
      if (!question) return this.setData({ entries: [], searched: false })
      return this.load(`guide?q=${encodeURIComponent(question)}`, ({ answer, entries }) => {
        const rest = entries.filter((entry) => !answer || entry.id !== answer.id)
        const all = [...(answer ? [answer] : []), ...rest].map((entry) => ({ ...entry, sources: entry.source.join('、') }))
        return { entries: all, opened: answer ? answer.id : '', searched: true }
      })
    },
    toggle({ currentTarget }) {
      const { id } = currentTarget.dataset
      this.setData({ opened: this.data.opened === id ? '' : id })
    },
    async load(path, read) {
      try {
        this.setData({ ...read(await open(path)), complaint: '' })
      } catch (failure) {
        this.setData({ complaint: error(failure.code) })
      }
    },
  },
})
