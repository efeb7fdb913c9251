"""The words around a written date that say whether it is one of the work, and of which kind."""

from __future__ import annotations

import re
from typing import Final

from projects.prose import lazy
from projects.prose.words import EVENT, FILLER, MOMENT, PLAN

ANY_PLAN: Final = lazy.compile(PLAN, re.IGNORECASE)
PLAN_BESIDE: Final = lazy.compile(
    rf"(?:{PLAN}|(?<![决确规稳固一待未约暂初敲锁])定|(?:之前|上次|原来?)说|"
    rf"(?<![草高平中复还])原(?:先|来)?的?|现在[得要改说]|(?<![修整更])改[期约]?|(?<![A-Za-z])now|"
    r"[节庆旦秋午明假年汛]之?前 ?\(|变[成为]|"
    rf"(?<![A-Za-z])will (?:be )?[a-z]+(?: [a-z]+)? (?:in|by|on)|"
    rf"\A(?:was|\(was))(?:{FILLER}){{0,5}}\Z",
    re.IGNORECASE,
)
LIMIT_BESIDE: Final = lazy.compile(r"(?:截止|截至)(?:日期|时间)?[到至于在: ]{0,3}\Z")
PAST: Final = lazy.compile(r"已(?!计划|排期|确定|明确|定)(?:经)?(?:于|在)?")
AT_BESIDE: Final = lazy.compile(r"(?:已(?:经)?)?(?:于|在) ?\Z")
EVENT_BESIDE: Final = lazy.compile(
    r"[ \"'「]?(?:\([^)]{1,6}\))?(?:左右|前后|附近|"
    r"晚[间上]?|早[间上]?|夜[里间]|中午|上午|下午|凌晨|当天)?[ ,]?"
    r"(?:将|会|可以?|能|正式|全部|全面|完整|顺利|如期|按期|按时|初步|统一|一起|同步|内|上|前|"
    r"之前|已|均|再|要|须|需|[没未]能|"
    r"we |it |to |will |is |are |for )*[ ]?"
    rf"(?P<event>{EVENT})(?!{MOMENT}|会(?![员计]))",
    re.IGNORECASE,
)
EVENT_WITHIN: Final = lazy.compile(
    rf"(?:(?! and )[^,。;]){{0,18}}?(?P<event>{EVENT})(?!时|后|的时候|过程|{MOMENT}|会(?![员计]))",
    re.IGNORECASE,
)
EVENT_NAMED: Final = lazy.compile(rf"(?P<event>{EVENT})(?!后|之后|了|中)", re.IGNORECASE)
MOMENT_BESIDE: Final = lazy.compile(
    rf"(?:(?P<event>{EVENT})(?:的)?(?P<moment>{MOMENT})?|"
    rf"(?P<other>(?<!更新)(?<!统计)(?<!会议)(?<!发生)(?<!生效)"
    rf"(?<!创建)(?<!故障)(?<!数据)(?<!填报)(?<!汇报)(?<!编制)(?<!报告)(?<!活动)(?<!记录)(?<!恢复)"
    rf"(?<!出生)(?<!到期)"
    rf"(?<=[\u4e00-\u9fffA-Za-z])(?<!meeting) ?(?:时间点?|日期|节点|期限|里程碑)))"
    rf"(?:预计|计划|目标|暂定|初定|调整|"
    rf"延期|推迟|"
    rf"改|更新|维持|保持|仍|还|依旧|依然|照旧)?"
    r"(?:为|是|在|于|到|至|由|从|在于|:|=|-|\(| |(?<![A-Za-z])(?:by|on|in|at|due|before|for|the|"
    r"is|planned|expected|"
    r"scheduled|targeted|target|from)(?![A-Za-z]))*\Z",
    re.IGNORECASE,
)
BEFORE_IT: Final = lazy.compile(
    r" ?(?:日)?(?:\([^)]{1,6}\))? ?(?:之前|以前|前)"
    r"(?![端的置期后往台向者线文日几一两三]|提(?![交报供审测货]))(?:的?内)?"
    # 6 月 1 日封网前要把补丁打完
    r"| ?(?!左右|[上下]午)[\u4e00-\u9fff]{2,4}?(?:之前|(?<![目提此生空跟先眼])前)"
    r"(?=[\u4e00-\u9fff]{0,10}[完好交上出齐毕住稳掉])"
)
DONE_BY: Final = lazy.compile(
    r"完成|完毕|已|了|完\Z|通过|成功|如期|completed|finished|done|launched|released|delivered"
)
START: Final = lazy.compile(r"启动|开始|开启|start|begin|kick", re.IGNORECASE)
BEGINS: Final = lazy.compile(r"开始|开启|start", re.IGNORECASE)
NEGATED: Final = lazy.compile(r"未能?|没有?|无法|不能|来不及")
TIME_OF_DAY: Final = lazy.compile(
    r"[ T]?(?:(?:\(|,)?(?:周|星期)[一二三四五六日天]\)?)? ?(?:凌晨|早上|早|上午|中午|下午|晚上|"
    r"晚|夜间)?"
    r" ?[0-9]{1,2} ?(?::[0-9]{2}(?::[0-9]{2})?|[点时])(?:[0-9]{1,2}分|半|左右)?"
)
UNIT_AFTER: Final = lazy.compile(
    r" "
    r"?(?:[万亿千百个笔条次人户家组项元块台套单份张例起位只款页天周年倍版节折期楼层号级类%‰+*x]|"
    r"小时|分钟|秒|城|号线|"
    r"大促|事故|故障|活动|版本|端口|错误|ms|MB|GB|[A-Za-z])"
)
NUMBERED: Final = lazy.compile(
    r"(?:[A-Za-z0-9.\-_/](?<!(?i:ddl|eta|due))|批次|批号|流水号?|订单号?|合同号|票号|档号|版本|版|端口|错误码?|状态码|"
    r"编号|单号|工单|需求|第|号|房间|会议室|"
    r"代码|码|价格|金额|近|前|后|每|约"
    r"|超过?|共|近|满|大于|小于|[vV#])(?:为|:)? ?\Z"
)
#: What happens on a day, and what a month has data of: 下周二复盘, 3 月复盘.
HAPPENS_AND_DATA: Final = lazy.compile(r" ?(?:复盘|总结|考核|对账|结算|规划|review)", re.IGNORECASE)
DATA: Final = lazy.compile(
    r" ?(?:的|全月|当月|整月|份)?(?:数据|账单|月结|日结|对账|报表|账期|流水|交易|累计|结算|"
    r"成本|预算|工资|发票|业绩|收入|营收|"
    r"(?![把将])[\u4e00-\u9fff]{1,4}(?:表|台账|简报|报告|清单)(?=[交报送发给提])|"
    r"GMV|环比|同比|笔数|金额|转账|退款|总|平均|日均|OKR|绩效|考核|复盘|总结|目标|规划|计划|"
    r"KPI|review|data|"
    r"report)",
    re.IGNORECASE,
)
COUNTED_SO_FAR: Final = lazy.compile(
    r"[, ]{0,2}(?:共|累计|总共|合计|已有?|目前|仍|尚|还|未)[^,。;]{0,8}"
)
COUNT_AFTER: Final = lazy.compile(r"了? ?[0-9]")
COUNTED_AFTER: Final = lazy.compile(r"[0-9]")
#: What ends by itself is no work: 房租付到 12 月 31 日, fiscal year ends June 30.
ENDS: Final = lazy.compile(
    r"(?<![A-Za-z])(?:joined(?: [a-z]+){0,3}|thanksgiving|christmas|easter)(?: is|"
    r" falls)?(?: on)? \Z|"
    r"(?:发票|开票|生产|出厂|签发|采购|入职|登记|打印|收货|下单|出生)(?:日期|时间)?[:为是 ]{0,2}\Z|"
    r"上次[^,。;]{0,6}[是在为于] ?\Z|(?<![A-Za-z])(?:founded|established|born|freeze from|"
    r"closed from)"
    r"(?: on| in)? \Z|(?:dated|签署日期为?|出具日期为?|落款) \Z|每[^,。;]{0,6}\Z|"
    r"(?:(?:合同|租约|租期|保险|证书|许可证|有效期|财年|学期|质保期?|服务期)[^,。;]{0,6}|"
    r"[付交缴续租]费?)[到至] ?\Z"
    r"|(?<![A-Za-z])(?:year|quarter|lease|licen[cs]e|warranty|contract|passport|visa|insurance|"
    r"policy|subscription|term|semester|season)"
    r" (?:ends|runs|expires|closes|is valid|is good)(?: on| until| through| to)? \Z",
    re.IGNORECASE,
)
#: What goes on from day to day is no result of the work: 4 月 13 日至 17 日集中培训.
SPANS: Final = lazy.compile(
    r"[^,。;]{0,8}(?:培训|集训|检修|停电|停服|停产|停工|封网|值班|值守|休假|放假|轮班|出差|考试|"
    r"军训|"
    r"为?[\u4e00-\u9fff]{0,3}(?:冻结|封[版网])期?|招展|展会|参展|夏令营|调休|盘点期|暂停)"
    r"|(?: [a-z]+){0,3} ?(?:freeze|training|holiday|shutdown|closure|leave)(?![A-Za-z])",
    re.IGNORECASE,
)
#: A meeting or a training of one day is no result either.
GATHERED: Final = lazy.compile(
    r" ?(?:[\u4e00-\u9fff]{0,3}(?:组织|召开|参加|举行|举办|开了?)[^,。;]{0,8}(?:培训|"
    r"(?<![开机社协议])会(?![员计议])|座谈|交流)"
    r"|入职|婚假|产假|年假|病假|[\u4e00-\u9fff]{1,4}节(?![点目约省能]))"
)
#: Meeting with the regulator held on January 30
HELD: Final = lazy.compile(
    r"(?<![A-Za-z])(?:meetings?|hearings?|workshops?|seminars?|town ?halls?|interviews?|briefings?|"
    r"sessions?|calls?|webinars?|conferences?|interview rounds?)(?: [A-Za-z]+){0,5}? "
    r"(?:held|was|were|took place)(?: on)? \Z",
    re.IGNORECASE,
)
#: What would be is no plan: 若月底能到 80%.
IF: Final = lazy.compile(
    r"(?:若(?!干)|如果|假如|要是|倘若|一旦|万一|除非|(?<![A-Za-z])(?:if|"
    r"unless)(?![A-Za-z]))[^,。;]*\Z",
    re.IGNORECASE,
)
#: 2/3 期, 8/12 apps: a slash between two counts.
SLASHED_THINGS: Final = lazy.compile(
    r" (?:of|done|complete[d]?|finished|ready)(?![A-Za-z])| ?(?:[工点机展]位|节点|小时|"
    r"[个项条笔次家户套期轮批]|号[线楼店]|[=≈%])| [a-z]{2,}s(?![A-Za-z])"
    # 7/10 test cases written
    r"|(?: [a-z-]{2,16}){1,2}s (?:[a-z]+ed|written|done|built|sent|ready|live|left)(?![A-Za-z])"
)
#: 争取 Q3 把自助率做到 60%: a goal of a number, not of work.
RATE_AFTER: Final = lazy.compile(
    r"率[^,。;]{0,6}[到至]|\A ?(?:要|争取|力争|希望|得|必须)(?:做|冲|推|"
    r"达)[^,。;]{0,6}[0-9.]+ ?%"
)
#: 四季度要把两座站房都投用
MUST: Final = lazy.compile(r" ?(?:[之以]?[前内])?(?:必?须|要|得|争取|力争|计划|将|确保)")
#: 定于 9 月 26 日召开验收会
APPOINTED: Final = lazy.compile(r"(?:定[于在]|安排在|排在|约在)(?:了| )*\Z")
FROZEN: Final = lazy.compile(
    r"(?:合同|租赁|服务|质保|保修|有效|授权)期限?[:为是 ]{0,2}\Z|(?:冻结|封[版网]|假期|检修|"
    r"停[电产机服])期?(?:时间)?[:为是 ]{0,2}\Z"
)
GRANTED: Final = lazy.compile(r"ed for (?:the )?\Z", re.IGNORECASE)
HAPPENED: Final = lazy.compile(
    r"(?<![A-Za-z])(?:went [a-z]+|(?!(?:plann|schedul|expect|delay|target|propos|"
    r"need)ed)[a-z]{2,}ed)"
    r"(?: [a-z]+){0,3} \Z",
    re.IGNORECASE,
)
AFTERWARDS: Final = lazy.compile(
    r" ?(?:(?:之后|以后)(?!再)|[那这][次场回批]|[^,。;0-9]{0,10}以来|[^,。;0-9]{0,6}的(?:通知|"
    r"文件|纪要|办法|邮件|公告|函|决定|要求|意见|规定))"
)
#: 11/10 投产，运行平稳: what runs has been started.
RUNS_SINCE: Final = lazy.compile(
    r"[^,。;\n]{0,6}[,;]? ?(?:目前|至今|上线后|投产后|切换后)?(?:系统|业务)?(?:运行|"
    r"整体)?(?:平稳|稳定|正常|顺利(?![完推])|"
    r"无(?:异常|回退|报错|告警|故障))"
)
#: 也就是 2 月底，能把牛舍通风做好
WILL_BE_DONE: Final = lazy.compile(
    r" ?吧? ?, ?((?:就|才|应该|大概)?(?:能|可以|要把|必须|争取)[\u4e00-\u9fff]{2,12})"
)
OF_DATA: Final = lazy.compile(r"(?:数据|统计|口径|快照|余额)[^,。;]{0,4}\Z")
SINCE_THEN: Final = lazy.compile(r" ?起(?![用草诉吊])")
BRACKET_BEFORE: Final = lazy.compile(r" ?\) ?之?前")


def label_of(event: str) -> str:
    """What happens, without a 完成 beside it: 完成验收 and 验收完成 are both 验收."""
    bare = event.replace("完成", "").strip(" 、和及与并+/&")
    return bare or event.strip()
