// Messages about a ticket: the platform asks the person, the server notes what was allowed. Has to
// be called from a tap.
const { post } = require('./http')
const { ask } = require('./platform')
const { who } = require('./session')

async function askForNews(number) {
  const { templates } = await who()
  const answer = await ask('requestSubscribeMessage', { tmplIds: templates }).catch(() => ({}))
  const accepted = templates.filter((template) => answer[template] === 'accept')
  if (accepted.length) await post('consents', { accepted, ticket_no: number })
}

const hasNews = async () => (await who()).templates.length > 0

module.exports = { askForNews, hasNews }
