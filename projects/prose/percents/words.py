"""The words around a percentage that say whether it is progress."""

from __future__ import annotations

import re
from typing import Final

from projects.prose import lazy
from projects.prose.words import LATIN_END, LATIN_START, any_of

_QUALIFIERS: Final = any_of(
    "形象 系统 技术 前端 后端 前后端 客户端 服务端 研发 开发 测试 联调 设计 改造 迁移 验收 上线 "
    "部署 产品 功能 需求 "
    "编码 业务 工作 实施 建设 接入 适配 对接 配置 切换 推进 执行 用例 数据 交付"
)
_WHOLE_OF_IT: Final = "(?:项目)?(?:整体|总体|总)|当前|目前|本周|各端|各模块|各系统"
_WORK_SHARE: Final = (
    r"(?<![按准及定][时期])完成的?(?:率|度|比例?|部分|份额|占比|百分比)|(?:开发|改造|适配|迁移|"
    r"整改|配置|部署|研发)率|"
    r"(?:整体|总体)(?:切换|接入|上线|交付|推进|执行|验收|测试|实施|对接|开通|替换|覆盖完成)率"
)
#: Ends the words before the number: 系统开发进度, 功能完成, completed, progress.
PROGRESS: Final = lazy.compile(
    rf"(?:{_WHOLE_OF_IT})?(?:{_QUALIFIERS}){{0,3}}(?:进度条?|进展)"
    r"(?:[^,。;:%0-9（(]{1,10}?(?:[走推做爬卡停]|只|仅|才)[在到至]?)?\Z"
    rf"|(?:{_WHOLE_OF_IT})?(?:{_WORK_SHARE})\Z"
    r"|(?:已经?|基本|累计|大致|总计)?(?:完成|做完|开发完)(?:量|情况)?\Z"
    rf"|{LATIN_START}(?:(?:overall|dev|development|project|total) )?(?:progress|completion|"
    rf"completed?|"
    r"finished|done|(?:work|done|complete)(?: done)? (?:to date|so far))\Z",
    re.IGNORECASE,
)
#: 整体 60%: the whole of the work, when nothing follows the number.
WHOLE: Final = lazy.compile(rf"(?:项目)?(?:整体|总体)\Z|{LATIN_START}overall\Z", re.IGNORECASE)
#: A stage that a number stands alone after.
STAGE: Final = lazy.compile(
    "(?:(?:已经?)?完成了?)?(?:(?:前端|后端|前后端|客户端|服务端|功能|代码|系统|技术|接口|方案|"
    "需求|产品|用例|数据|性能|回归|集成|主流程|核心)?"
    + any_of(
        "开发 研发 编码 联调 测试 自测 提测 验收 设计 评审 部署 迁移 改造 适配 对接 接入 切换 "
        "配置 上线 投产 实施 建设 "
        "调研 重构 梳理 搭建 编写 整改 割接 拆分 治理 替换 认证 验证 回归 前端 后端 前后端 服务端 "
        "客户端 需求"
    )
    + rf"(?:进行中|中|阶段|工作)?)\Z|{LATIN_START}(?:dev|development|design|testing|test|qa|uat|"
    rf"coding|implementation|integration"
    r"|migration|build|frontend|backend|rollout prep)\Z",
    re.IGNORECASE,
)
#: What may follow a number that stands alone.
ALONE: Final = lazy.compile(
    r" ?(?:[+↑↓▲▼±](?![0-9])|(?=[↑↓▲▼+±-] ?[0-9]))?(?:(?=[↑↓▲▼±+-])|左右|以上|上下|多| ?了|\(| "
    r"[\u4e00-\u9fff]|\)|"
    r"\Z|[!。\t*]|  |[吧呢啦啊就]| ?的(?:样子|程度)|(?:正在|持续|稳步)?(?:进行|推进|开发|测试|"
    r"联调|建设|处理|实施|"
    r"设计|施工|编写)中?|进度|"
    r"(?:this week|now|so far|as of)(?![A-Za-z])|[一二两三四0-9]+ ?(?:周|天|个月)(?:了|没|未)|"
    r"本周|目前|当前|[、,;/+&|\]」]|和|及|[A-Za-z]|"
    r"[\u4e00-\u9fff]{1,6} ?[0-9])"
)
#: Words of work between a number and 完成: 60%的接口开发已完成.
AFTER_DONE: Final = lazy.compile(
    r"\+? ?(?:左右|以上)?的?(?:[\u4e00-\u9fffA-Za-z]{0,8}?(?:开发|功能|工作|任务|需求|内容|接口|"
    r"用例|页面|代码|测试|系统|模块|改造|"
    r"迁移|适配|配置|联调|编码|文档)(?:工作)?)?(?:均?已经?|基本|均)?(?P<word>完成(?![率度]))"
    r"| ?的[\u4e00-\u9fffA-Za-z]{1,10}?(?:均|都)?已(?:经|全部)?(?P<others>完成|"
    r"[做改迁签搬装测录]完)"
    rf"|\+? ?(?:of (?:the )?(?:work|coding|development|tasks?|features?|scope|project|testing|"
    rf"cases?)(?: "
    rf"(?:is|are|was))? )?"
    rf"(?P<latin>completed?|done|finished|progress|of the way|there|through|ready){LATIN_END}",
    re.IGNORECASE,
)
#: An opener that makes every number after it progress: 各端进度：iOS 80%、安卓 60%.
PROGRESS_OPENER: Final = lazy.compile(
    r"(?:整体|总体|当前|目前|开发|研发|各端|各模块|各项目|项目|系统|技术|工作)*(?:进度|完成度|"
    r"完成率|进展)(?:情况|如下)?\Z"
    rf"|{LATIN_START}(?:progress|completion)\Z",
    re.IGNORECASE,
)

_CHANGE: Final = any_of(
    "提升 提高 增长 增加 上升 上涨 升高 升 涨 下降 降低 减少 下跌 回落 回升 下调 上调 回退 倒退 "
    "调 退回 跌 降 推进 推动 更新 调整 变更 变 改 由 从 推"
)
# 签约, 提现, 归还, 收到 and 日均 end in such a word and are words of their own.
_LOOSE: Final = (
    r"(?<![签预合节续履解违契毁爽邀立守公协特失])约|(?<![提兑变贴实体发出])现|(?<![归偿退返])还|(?<![收签迟])到了?|"
    r"(?<![日月年周人户笔])均|(?<![行华认作])为"
)
#: Words between the label and its number that say nothing of their own.
CONNECTED: Final = lazy.compile(
    rf"(?:{_CHANGE}(?:到了?|至|为|成)|(?:推进|推动)了?|达到了?|达成了?|达|到达|突破|超过|超|已经|"
    rf"已|大约|大概|{_LOOSE}|"
    r"(?:提升|提高|增加|增|升|涨|\+|推进)了? ?[0-9.]{1,4} ?个?(?:百分)?点|"
    r"[0-9]{1,2} ?月(?:份|底|初)?的|"
    r"(?:上周|上期|上次|此前|之前|原先|原来|昨日)的|累计|累积|刚刚?|实际|大致|差不多|约莫|基本|"
    r"至少|快|"
    rf"接近|将近|近|不到|是|"
    r"至|(?:卡|停|停留|稳定|徘徊|做|走|推|跑|改|写|来|干|搞|弄|爬)?(?:在|到)|掉[回到]|"
    r"[跌退]?回[到落]|退回|"
    r"(?<=[进完][度成])过|(?<=完成度)过|了|仅|只有|只|(?<![所持拥没享])有|(?<!公)共|从|(?<![路理自缘事])由|仍|刚过|才|刚|处于|维持|"
    r"保持|没变|目前|当前|现在|眼下|如今|本周|今日|"
    r"今天|截至目前|暂|预估|上周|上期|上次|此前|"
    rf"{LATIN_START}(?<![A-Za-z]-)(?:is|are|at|was|now|currently|about|around|approximately|from|to|of|"
    rf"reached|back|flat|held|climbed|crept|jumped|slipped|stuck|hovering|sitting|sits|parked|"
    rf"holding|stands?|stood|hit|hits|passed|passes|past|progressed|remains?|steady|stays?|"
    rf"around|only|up to|went|moved|rose|grew|over|nearly|almost|roughly|just|"
    rf"actual(?:ly)?|some|already|sits|stands|still|this week)"
    rf"{LATIN_END}|[≥≤><+]|[ :=~\-(\[<\"'「【*≈、,|\t])+\Z",
    re.IGNORECASE,
)
#: A number by which something changed, not the value it has.
CHANGED: Final = lazy.compile(
    rf"(?:(?<!推进)(?<!推动)(?:{_CHANGE}(?<!推进)(?<!推动)(?<!推)(?<![整修返批]改)(?<![路理自缘事]由)(?<!更新)(?<!变更)(?<!更改)(?<![联空协强]调))|"
    rf"(?:比|较)[^,。;]{{0,6}}[多少高低快慢增减](?:[做干跑走推]|完成|推进)?|(?:本周|较.{{0,4}}|"
    rf"又|再|周内|新)(?:推进|推动)|落后|滞后|领先|超前|环比|同比|较上周|比上周|较昨日|相比|增幅|降幅|涨幅|"
    rf"波动|新增|净增|追加|缺|[大小高低多少轻重长短差贵]了|(?<![计预])提了|(?<![投空])降了|快了|慢了|早了|晚了|缩短|节省|节约|"
    rf"缩水|压缩|精简|缩减|收窄|扩大|超出|高出|多出|少了|多了|省了?|压降|提速|提效|加快|放缓|"
    rf"(?:时间|耗时|性能|速度|时延|体积|内存|成本|能耗|延迟)优化了?|优化了|减免|满减|立减|打折|"
    rf"上浮|下浮|折损|衰减|溢价|折价|超支|亏损|贬值|升值|回撤|反弹|[砍削]减?)(?:了|掉|约|"
    rf"近|超过?|:|"
    rf" )*\Z|[+↑↓±]\s?\Z|"
    rf"{LATIN_START}(?:up|down|increased?|decreased?|grew|rose|fell|dropped|improved|cut|cuts|"
    rf"saved?|saves|lowered|reduced|shaved|gained|lost)(?: by)? ?\Z",
    re.IGNORECASE,
)
#: Names of things that are measured.
READ: Final = lazy.compile(
    r"(?:率|占比|比例|比重|份额|可用性|准确度|精度|覆盖|命中|通过|SLA|水位|使用|负载|CPU|内存|"
    r"折扣|费率|利率|占|"
    rf"{LATIN_START}(?:rate|accuracy|availability|uptime|coverage|ratio|share|sla|recall|"
    rf"precision|usage|"
    r"utili[sz]ation))\Z",
    re.IGNORECASE,
)
#: What should be, not what is.
TARGET: Final = lazy.compile(
    r"(?:目标(?!的|完成|达成|是完成)|完成目标|不低于|不少于|不高于|不超过|不小于|不大于|低于|"
    r"高于|至少|要求|阈值|上限|下限|红线|承诺|"
    r"(?:标准|要求|门槛|条件|口径)[:是为≥>≤<]{1,2}|应达|需达|须达|指标(?!体系|平台|开发|改造|"
    r"看板|中心|梳理)|"
    r"(?<![A-Za-z])SLA|计划进度)[^%0-9。;]{0,20}\Z"
    r"|[没未不][有能]?(?:达到?|到|及|满足)(?:总体|整体|形象)?(?:进度|完成度|完成率)的? ?\Z"
    r"|(?:[没不未]有?(?:达到?|到|及)|不足|低于|下一(?:步|阶段|批)[^%0-9。;]{0,6})(?:了| )*\Z"
    r"|(?:考核|基准|及格|警戒|合格|目标|预警)(?:线|值)(?:为|是|:| )*\Z"
    rf"|{LATIN_START}(?:not(?: yet| quite| even)*(?: at| reached| hit| above)?|next step|"
    rf"next stage) ?\Z"
    rf"|{LATIN_START}(?:target|goal|at least|at most|no less than|sla|threshold|should be|must "
    rf"be)[^%0-9]{{0,20}}\Z",
    re.IGNORECASE,
)
#: No seating plan or floor plan, which are names of work.
_A_PLAN: Final = (
    "(?:(?<![a-z] )|(?<=we )|(?<=to )|(?<=vs )|(?<= i )|(?<=the )|(?<=our )|(?<=per )|(?<=they )|"
    "(?<=this )|(?<=against )|(?<=original ))"
)
#: A plan makes a percentage of progress a target: 预计下周完成90%.
PLANNED: Final = lazy.compile(
    r"(?:(?<![按据照较])(?:预计|计划)(?!内|已|的)|争取|力争|预期|将(?!近)|(?<![模虚])拟(?![音稿合真态声物人])|下周|下月|明天|"
    r"月底前?|年底前?|希望|确保|有望|打算|希望|力求|想(?=在|把|将|下|这)|期望|盼|"
    r"[要得须应该](?:做|达|推|"
    r"完成|到|冲|干|跑)|"
    rf"{LATIN_START}(?:will|{_A_PLAN}plan(?! ?(?:[:,]|vs|against)|n|s)|"
    rf"plan(?:s(?= (?:to|on) )|ned)(?! ?(?:[:,]|vs|against))|"
    rf"expect(?:s|ed)?|aim(?:s|ing)?|next (?:week|"
    rf"sprint|"
    rf"month|milestone)|"
    rf"wants?|hopes?|hoping|need(?:s|ed)? to|supposed|"
    rf"should){LATIN_END})",
    re.IGNORECASE,
)
#: A share of users or of traffic.
STEP: Final = lazy.compile(
    r"(?:灰度?|放量|扩量|切量|切流|引流|分流|流量|放开|开量|推量|全量|白名单|"
    r"小流量|[先再就][放开切](?:到|至)?|(?<![开投释])[放]到)(?:第?[一二三四五0-9]+[批轮期]|发布|"
    r"比例|用户|流量|网点|门店|机构|城市|区域|商户|客户|机型|节点|范围|至|到|上线|切换|阶段|"
    r"放开)*\Z"
    rf"|{LATIN_START}(?:roll(?:ed|ing)?[ -]?out|rollout|ramp(?:ed)?(?: up)?|traffic|canary|"
    rf"gr[ae]y(?:scale)?)\Z",
    re.IGNORECASE,
)
AFTER_STEP: Final = lazy.compile(
    r" ?的?(?:流量|灰度|用户|放量|切量|扩量|引流|切流|白名单|(?:of )?(?:traffic|users|"
    r"customers|rollout))",
    re.IGNORECASE,
)
#: 70% ===> 80%
ARROW: Final = r"→|[-~=]{1,5}>|>>"
#: Joins the two values of a change.
LINK: Final = lazy.compile(
    rf" {{0,3}}(?:\([^()0-9%]{{0,3}}[0-9]{{0,2}}[^()%]{{0,3}}\) ?)?(?:左右|以内)?[,(]? ?"
    rf"(?:已|又|进一步|逐步|持续|已经|一路|直接)?(?:{_CHANGE}到了?|{_CHANGE}至了?|"
    rf"{_CHANGE}[为成]|[增扩加][到至]|"
    rf"(?<![,(])(?<![,(] )[做干爬拉冲走推跑赶弄挪追磨谈压抬拱顶](?:到|至)了?|"
    rf"{ARROW}|到|至|提至|升至|crept up to"
    r"|to|up to|down to|and now|now) {0,3}(?:[本这]周|目前|现在)?",
    re.IGNORECASE,
)
#: The value of a time before: 上周70%，本周80%; 80%（上周70%）.
EARLIER: Final = lazy.compile(
    r"(?:(?:上次|上周|上期|之前|此前)(?:汇报|报|说|统计|例会)(?:的|时)?|"
    r"周初|(?:节|月|周|年|假|国庆|春节|五一|十一|元旦|中秋|端午)前|"
    rf"上周[一二三四五六日天末]?|上期|上次|上一周|此前|之前|原|原本|原来|原先|昨[日天]|前天|前值|上月|期初|年初|月初|"
    rf"上季度?|{LATIN_START}(?:was|last week|"
    rf"previously|up from|down from))(?:进度|整体|为|是|:|的|完成率?|完成度|累计|做到|还|只有|只|"
    rf"仅|才| )*\Z",
    re.IGNORECASE,
)

EARLIER_AFTER: Final = lazy.compile(
    r" ?\(?(?:last (?:week|month|(?:Mon|Tues|Wednes|Thurs|Fri)day)|yesterday|a week ago|"
    r"(?:在)?上周|上期|上月)(?![A-Za-z])(?!(?:进度|整体|为|是|:|的| )*[0-9])",
    re.IGNORECASE,
)
#: Names of work: an amount that stands alone after one of them is its progress.
WORK: Final = lazy.compile(
    "(?:"
    + any_of(
        "优化 改造 升级 重构 迁移 对接 接入 建设 开发 研发 适配 替换 拆分 切换 治理 整改 搭建 "
        "编写 验证 测试 联调 "
        "验收 部署 上线 发布 设计 评审 梳理 调研 培训 推广 实施 落地 改版 迭代 打通 归档 清理 "
        "下线 采购 招标 安装 "
        "调试 布线 施工 装修 翻译 校对 排版 拍摄 剪辑 录制 试点 试运行 招聘 盘点 审计 审核 核查 "
        "备案 认证 执行 刷数 "
        "搬迁 拆装 安置 组装 总装 装配 验厂 标注 训练 建模 上架 铺设 轮换 制作 交付 编码 自测 "
        "回归 演练 压测 拆解 整理 导入 导出 "
        "同步 回归 割接 巡检 "
        "改写 撰写 收集 汇总 复核 扩容 缩容 打样 试产 量产 封装 移植 汉化 录入 回收 搬迁 对账 "
        "平台 系统 中心 网关 服务 模块 项目 功能 接口 页面 方案 文档 流程 链路 组件 引擎 工具 "
        "小程序 后台 前台 中台 "
        "报表 看板 大屏 机器人 助手 插件 脚本 任务 工作 需求 用例 课件 手册 清单 合同 标书 专利 "
        "前端 后端 客户端 "
        "服务端 安卓 鸿蒙 车型 样机 图纸 主线 专项 子项 底座 框架 仓库 数仓 库表 工程 产线 官网"
    )
    + r"|[一二三四五六0-9]期|(?:第?[一二三四五六0-9]|首|末)阶段|[Vv][0-9.]{1,5}|"
    r"[\u4e00-\u9fffA-Za-z] ?[1-9]\.[0-9](?![0-9]))"
    r"(?:工作|部分|侧|端|版|项|阶段|进行中|中|里|的)?[ )\]」】\"']*\Z"
    rf"|{LATIN_START}(?:migration|refactor(?:ing)?|redesign|rewrite|integration|portal|dashboard|"
    rf"gateway|"
    rf"service|module|platform|saas|crm|erp|mes|wms|tms|oms|pacs|api|back-?end|front-?end|app|pipeline|project|feature|docs?|"
    rf"documentation|tests?|testing|design|development|implementation|onboarding|training|"
    rf"upgrade|cutover|split|cleanup|build|setup|phase [0-9]|v[0-9.]+|sdk|client|server|"
    rf"prototype|report|review|rework|port|import|export|audit)[ )\]\"']*\Z",
    re.IGNORECASE,
)
#: Money that was spent is measured, though its name ends in a word of work.
SPENT: Final = lazy.compile(
    "(?:预算|资金|经费|费用|额度)(?:的?)(?:执行|使用|支付|拨付|消耗|支出)[ :]*\\Z"
    # 取消订单扣 30%, 片方拿 43%
    "|(?:(?<![盘搭纽锁卡折代划])扣[除掉]?|[方商家主者司店台]各?[拿抽]|分[走得])[ :]*\\Z"
    "|[后时可再先凭即][^,。;]{0,4}(?:支付|付款?|拨付|开票|收款)(?:至|到)?[ :]*\\Z"
)
#: 完成 60% 可申请拨款, 压测到 80% 并发就超时: what happens once it is reached.
CONDITION_AFTER: Final = lazy.compile(
    r" ?(?:以上|[\u4e00-\u9fff]{2})?(?:以后|之后|后|时|才|方|就|即可|"
    r"可以?)(?=[申付启进能可拿开转支发触超扣奖报领])"
)
#: [40%] 商户标签平台, [在做 55%] 挂号联网: what may open a line before an amount of what follows.
BRACKET_OPENS: Final = lazy.compile(
    r"[\[(【<《「{] ?(?:(?:[在正已]在?[做办建]|已?完成|(?:进行|推进|开发|测试|联调|设计|施工|处理|"
    r"编写|调试)中|doing|wip|in progress|ongoing)[:,、| ]{0,2})?",
    re.IGNORECASE,
)
#: 80% planned, 70% actual
PLANNED_AFTER: Final = lazy.compile(
    r" (?:was |is )?(?:planned|targeted|target|plan|goal)(?=[ ,;)/.]|\Z)", re.IGNORECASE
)
#: Names of shares of a whole: amounts beside them that make up 100 are no progress.
PARTS: Final = lazy.compile(
    "男|女|线上|线下|自营|加盟|代理|直营|国内|海外|老客|新客|一线|二线|城镇|农村|微信|支付宝|"
    "现金|刷卡|其他|其它|外包|正式工|"
    "实验组|对照组|白班|夜班|内销|外销|本科|硕士|华东|华南|华北|散客|团客|"
    r"(?<![A-Za-z])(?:men|women|male|female|others?|online|offline|new|returning|domestic|"
    r"overseas)(?![A-Za-z])",
    re.IGNORECASE,
)
#: Words of measured things, of money and of people, wherever they stand beside a number.
MEASURED: Final = lazy.compile(
    any_of(
        "同比 环比 占比 比重 份额 概率 可能性 分布 构成 比例 配比 占 "
        "付款 首付 首款 预付 尾款 余款 货款 定金 订金 押金 保证金 质保金 进度款 结算款 违约金 "
        "滞纳金 罚金 罚款 赔付 赔率 "
        "合同额 合同总价 工程款 进度款 材料款 租金 手续费 服务费 费率 利率 利息 年化 股息 票息 "
        "汇率 折扣 折率 "
        "折让 优惠 满减 立减 补贴 "
        "补助 佣金 返佣 返点 返利 返现 "
        "提成 奖金 分红 分成 抽成 抽佣 扣点 税率 税额 个税 增值税 关税 毛利 净利 利润 收益 营收 "
        "版税 收入 销售额 成交额 "
        "客单价 单价 均价 油价 股价 "
        "成本 费用 开支 估值 仓位 杠杆 负债 抵押 股权 持股 出资 控股 市占 占有 贡献 预算 涨幅 "
        "跌幅 增幅 增长 增速 降幅 "
        "人力 投入 工时 工期 时间 周期 男生 女生 男性 女性 出勤 请假 加班 流失 离职 在岗 满意 "
        "好评 差评 投诉 客诉 同意 赞成 "
        "缺口 受访 支持度 置信 抽检 抽样 采样 阈值 告警 超时 丢包 误报 漏报 错误 报错 可用 成功率 "
        "命中 准确 精度 召回 误差 偏差 "
        "转化 留存 活跃 渗透 曝光 点击 复购 退货 退订 签收 破损 驳回 拒绝 拒收 退回 流标 缺勤 "
        "缺货 断货 滞销 超支 拥堵 履约 准时 准点 上座 入住 出租率 空置 满载 客座 收视 完播 "
        "核销率 毁约 爽约 "
        "坏账 逾期 不良 产能 良品 良率 合格 直通 稼动 开机率 损耗 报废 返工率 负载 占用 利用 "
        "水位 内存 磁盘 带宽 显存 CPU GPU 缓存 预算执行 资金使用 经费使用 资金支付 资金拨付 "
        "耗时 时延 延迟 吞吐 响应 电量 电池 续航 亮度 音量 透明度 缩放 宽度 高度 间距 字号 边距 "
        "评分 分值 计分 细则 码率 湿度 温度 浓度 纯度 含量 含水 "
        "敏感度 特异度 灵敏度 清晰度 饱和度 粗糙度 平整度 密实度 压实度 硬度 浊度 粘度 知名度 "
        "信任度 相似度 匹配度 坡度 强度 容量 库存 余量 余额 额度 配额 权重 系数 得分 绩效 "
        "覆盖率 覆盖面"
    )
    + rf"|{LATIN_START}(?:OEE|ROI|GMV|DAU|MAU|ARPU|KPI|CTR|CVR|ROE|ROA|MTBF|FCR|AHT|CSAT|IRR|LTV|"
    rf"AUC|PUE|IOPS|converts?|milestone payments?|payment (?:terms|schedule|milestones?)|"
    rf"allocat(?:ed|ion)|VAT|GDP|CPI|PPI|EBITDA|duty|tariff|"
    rf"rates?|ratio|share|coverage|uptime|availability|accuracy|"
    rf"precision|recall|latency|"
    rf"utili[sz]ation|usage|load|memory|cpu|gpu|disk|conversion|retention|discounts?|fees?|margin|"
    rf"budget|capacity|headcount|traffic|users?|customers?|merchants?|devices|people|requests?|"
    rf"respondents|"
    rf"growth|yoy|mom|sla|slo|errors?|failures?|battery|revenue|sales|churn|nps|weight|probability|"
    rf"confidence|storage|quota|bandwidth|score|scored|scoring|yield|opacity|width|height|zoom|volume|tax|"
    rf"interest|"
    rf"deposit|commission|equity|tickets?|complaints?|crashes|humidity|attendance|satisfaction|"
    rf"open rate|bounce|callers|cost|costs|price|prices|rent|inflation|loss|leads?|"
    rf"queue|cache|F1|(?-i:mAP)|BLEU|IoU){LATIN_END}",
    re.IGNORECASE,
)
#: Ends of words before a number that name nothing worked on.
NO_WORK: Final = lazy.compile(
    r"(?:各|商户|用户|客户|订单|交易|流量|成本|资源|金额|人员|员工|学生|门店|城市|地区|时间|价格|"
    r"另外|还有|其余|其他|大约|"
    r"对|写着|显示|除以|乘以|等于|满足|符合|只有|仅|因为|由于|如果|支持|反馈|来自|属于|需要|可以|"
    r"可能|高达|多达|占|超|比|约|"
    r"的|是|有|在|用|按|以|给|(?<![建架铺开增预陈摆])设|"
    rf"[0-9]|{LATIN_START}(?:and|or|the|(?<=[a-z] )(?-i:a)|an|of|only|about|with|by|for|to|in|cut|"
    rf"saves?|saved|drops?|dropped|improved|reduced|increased|gained|lost|costs?|off))\Z",
    re.IGNORECASE,
)
#: Stands before an amount in a clause that names nothing: 目前80%, now at 48%.
NOW: Final = lazy.compile(
    r"(?:目前|现在|当前|眼下|眼前|如今|时下|现时|手头|手上|这会儿|现|已|已经|累计|到|至今|截至|截止|本周|今天|实际|现阶段|总共|总的|大概|"
    r"约|为|是|至|在|了|达|[本这]周[一二三四五六日天末]|已达|总计|合计|暂|仍|还|进行中|推进中|开发中|测试中|"
    r"in progress|ongoing|wip|原本|原来|前值|现值|本期|当期|期末|这周|实际?值?|完成值|最新值?|结果|"
    r"实则|事实上?|现实|[^,。;:]{0,5}后|reality|in reality|in fact|result|achieved|reached|"
    r"now|currently|at|so far|today|is|are|actual(?:ly)?|moved|went|from|"
    r"up|it|we hit|we're|we|already|about|this week|[ :,(\[])+",
    re.IGNORECASE,
)
#: What the amount is a share of: 20%的商户, 30% of users. Work after it is no such thing.
SHARE_AFTER: Final = lazy.compile(
    r" ?(?:以上|左右)?(?:的(?!样子|程度|进度|工作量)|都是|是|来自|属于|用于|支持|折扣|优惠|以内|"
    r"以下|用户|商户|客户|流量|"
    r"时间|精力|样本|样品|并发|已?开票|人力|概率|股权|股份|设备|终端|车辆|机型|节点|实例|订单|坐席|门店|网点|机构|员工|租户|站点|地区|城市|设备)"
    r"| of (?!(?:the )?(?:work|development|tasks?|features?|scope|project|testing|cases?|"
    r"migration|endpoints?|items?|plan))"
    r"| ?(?:[a-z]{3,9}er than|smaller|larger|bigger|shorter|longer|"
    r"off|upfront|up front|(?:in )?advance|deposit|retention|stake|more|less|fewer|faster|"
    r"slower|lower|higher|cheaper|"
    r"from|vs|yoy|mom|chance|increase|decrease|reduction|growth|discount|down payment|prepayment|"
    r"retainer|uptime|availability|"
    r"coverage|accuracy|(?:at|on|upon) (?:signing|signature|order|delivery|arrival|acceptance))"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
#: Opens a line or clause that tells what should be: 下周目标：完成度推到 70%.
PLANNED_OPENER: Final = lazy.compile(
    r"(?:目标|标准|要求|门槛|合格线|接下来|下一步|后续|下阶段|下一阶段|(?<!上周)(?<!按)计划|规划|"
    r"预期|下周(?:工作|重点|"
    r"安排|任务)?|下月|里程碑计划)(?:如下|事项|为)?\Z"
    rf"|{LATIN_START}(?:goals?|targets?|next week|next steps?|next milestone|milestone|"
    rf"(?<![A-Za-z] )plan)\Z",
    re.IGNORECASE,
)
#: Words before a vague amount that say nothing but that it is progress: 进度过半, 整体已.
SAYS_NOTHING: Final = lazy.compile(
    r"(?:整体|总体|项目|目前|进度|进展|工作量?|任务|完成度?|已经?|都|均|了|也|基本|大概|就|差不多|"
    r"快|将|超|刚|"
    r"overall|we are|we're|it is|it's|about|now|already|done|complete| )*",
    re.IGNORECASE,
)
#: Not reached: 没完成 50% 的节点目标.
UNDONE: Final = lazy.compile(r"[没未](?:能|有|能够)?(?:完成|做到|做完|达成|实现)了? ?\Z")
#: Words that no name holds: an amount after them is a setting, a change or a share.
NO_NAME: Final = lazy.compile(
    r"把(?!手|控|关)|将(?!军)|(?<![A-Za-z\u4e00-\u9fff])按(?!键|钮|摩|揭)|(?<![供配补])给(?![排水料药])|"
    r"(?<![转出])让|使(?!用|者)|(?<![植棉])被(?![套褥服])|若|如果|假如|每|只要|超过?|"
    r"低于|高于|要求|不足|仅限|最多|最少|至少|"
    r"上调|下调|调高|调低|降(?!噪|本|级|维)|涨|改成|改为|设为|设成|设置|调成|调到|调为|"
    r"打[0-9一二三四五六七八九]?折|"
    r"认为|表示|来自|属于|因为|由于|我们|大家|有人",
)
#: 45% 渠道对账: the name behind an amount that opens the line.
NAME_BEHIND: Final = lazy.compile(
    r" (?:(?:推进|进行|开发|测试|施工|"
    r"设计)中[ \t|]+)?(?P<name>"
    r"(?!of |(?:now|today|so far)(?![a-z])|[\u4e00-\u9fff]{2}中(?![\u4e00-\u9fff]))"
    r"[A-Za-z\u4e00-\u9fff][^,。;:()\n%0-9\t|]{2,30})"
    r"(?=\Z|[,。;(\n\t|])"
)
#: After a number: of what time or thing it is a rate.
RATED: Final = lazy.compile(
    r" ?(?:/|每|per )(?:天|日|年|月|周|人|笔|单|day|year|month|week)", re.IGNORECASE
)
