// Times as people read them, and what is left of a term.
const two = (n) => String(n).padStart(2, '0')

function moment(iso) {
  if (!iso) return ''
  const at = new Date(iso)
  return `${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`
}

function left(iso, now = Date.now()) {
  if (!iso) return ''
  const minutes = Math.round((new Date(iso).getTime() - now) / 60000)
  const size = Math.abs(minutes)
  const said = size < 60 ? `${size} 分钟` : size < 2880 ? `${Math.round(size / 60)} 小时` : `${Math.round(size / 1440)} 天`
  return minutes < 0 ? `已超 ${said}` : `还剩 ${said}`
}

module.exports = { moment, left }
