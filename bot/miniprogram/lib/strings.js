// What the pages say, by code: errors, states, steps of a ticket, lights.
const errors = {
  agreement_needed: '请先阅读并同意隐私保护指引。',
  text_empty: '请先输入要说的内容。',
  text_too_long: '一次最多 2000 个字，请分几次发送。',
  audio_empty: '没有录到声音，请再说一次，或直接打字。',
  audio_silent: '没有听清，请靠近话筒再说一次，或直接打字。',
  audio_too_long: '录音太长了，每次最多 60 秒，请分几次说。',
  audio_unreadable: '这段录音无法识别，请再录一次，或直接打字。',
  audio_short: '录音太短了，请按住按钮说完再松开。',
  audio_denied: '没有拿到麦克风。请在右上角的设置里允许使用，或直接打字。',
  picture_unreadable: '这张照片读不出来，请换一张。',
  picture_too_big: '照片太大了，请换一张小一些的。',
  risky_content: '这段话没有通过平台的内容检查，请换个说法。',
  too_many: '发送得太快了，请稍等一会儿。',
  hazard: '这件事可能危及他人安全，不能撤单，我们会继续办理。',
  others_wait: '还有其他市民在等这件事的结果，不能撤单。',
  not_in_table: '这张工单现在办不了这一项。',
  not_found: '没有找到。',
  unauthenticated: '登录过期了，请再试一次。',
  unavailable: '系统正忙，请稍后再试；紧急事情请直接拨打 12345。',
  network: '网络断开了，请检查网络后再试。',
  other: '没有办成，请再试一次；也可以拨打 12345。',
}

const states = {
  accepted: '已受理', awaiting_transfer: '等待转派', transferred: '已转派', signed: '承办单位已签收',
  in_progress: '正在办理', under_review: '答复审核中', closed: '已办结', calling_back: '已办结，请您评价',
  archived: '已归档', returned: '重新核定承办单位', suspended: '等待补充材料', coordinating: '多方协调中',
  merged: '与同类工单合并办理', withdrawn: '已撤单', referred: '已引导到相应渠道', reworking: '重新办理',
}

const steps = {
  opened: '受理登记', transfer: '转派承办单位', sign: '承办单位签收', start: '开始办理', reply: '提交答复',
  close: '办结', answer: '答复', answer_merged: '答复', archive: '归档', urge: '您催办了一次', withdraw: '撤单',
  merge: '与同类工单合并', suspend: '暂停办理', resume: '恢复办理', extend: '延长时限', rework: '重新办理',
  coordinate: '多方协调', supervise: '督办',
}

const lights = { green: '正常', amber: '将到期', red: '紧急' }
const grades = ['', '非常不满意', '不满意', '基本满意', '满意', '非常满意']
const reasons = ['没有解决', '办得太慢', '没有联系我', '答非所问', '态度不好']
const handlers = {
  waiting: '已为您转接人工，正在排队。等候时可以继续补充情况。',
  agent: '工作人员已接入，下面由工作人员为您服务。',
  bot: '人工服务已结束，智能助手继续为您服务。',
  ended: '本次服务已结束。您可以继续发送新的问题。',
}

const error = (code) => errors[code] || errors.other

module.exports = { error, states, steps, lights, grades, reasons, handlers }
