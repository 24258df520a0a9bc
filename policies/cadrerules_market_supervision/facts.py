"""The tables of the plan: what an evaluation is fed with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from cadrerules.language.periods import Period, Quarter, Year
from cadrerules.model.facts import ALWAYS, EVERY, NEVER, REFUSED, Column, Facts, Refusal
from cadrerules.model.remedies import Authority, DecidedOn, Disputes, Reason, Waivers

_PROGRESS_STEP = "0.000001"
_POINTS_STEP = "0.01"

Unit = Annotated[str, Column(key=True, en="Unit", zh="科室", aliases=("单位", "科室（单位）"), references="units.unit")]
Indicator = Annotated[str, Column(key=True, en="Indicator", zh="指标")]
RegionalRank = Annotated[int | None, Column(en="Regional rank", zh="全区排名", low=1, worse="higher")]
Cities = Annotated[int | None, Column(en="Cities ranked", zh="参评市数", low=1)]
Flag = bool | None

_RANK_BEYOND_CITIES = Refusal(
    "regional_rank > cities",
    en="the regional rank is beyond the number of cities ranked",
    zh="全区排名大于参评市数",
)


class Units(Facts, table="units", en="Units", zh="科室表"):
    """The bureau's units."""

    unit: Annotated[str, Column(key=True, en="Unit", zh="科室", aliases=("单位", "科室（单位）"))]
    name: Annotated[str | None, Column(en="Name", zh="名称", optional=True)] = None


class Staff(
    Facts,
    table="staff",
    en="Staff",
    zh="人员表",
    refuse=(Refusal("left < joined", en="the last day in post is before the first", zh="离任日期早于到任日期"),),
):
    """Who holds which post in which unit; one row per post."""

    person: Annotated[str, Column(key=True, en="Person", zh="人员", aliases=("工号", "人员编号"), personal="id")]
    unit: Annotated[str | None, Column(key=True, en="Unit", zh="科室", aliases=("单位", "科室（单位）"), references="units.unit", empty="")]
    role: Annotated[
        Literal["leader", "head", "deputy_head", "key_staff", "staff"],
        Column(
            key=True,
            en="Role",
            zh="职务",
            words={
                "leader": ("局领导", "领导"),
                "head": ("负责人", "科长", "科室负责人"),
                "deputy_head": ("副科长", "副职", "科室副职"),
                "key_staff": ("业务骨干", "骨干"),
                "staff": ("工作人员", "科员", "职工"),
            },
        ),
    ]
    name: Annotated[str | None, Column(en="Name", zh="姓名", optional=True, personal="name")] = None
    joined: Annotated[date | None, Column(en="Joined", zh="到任日期", optional=True, empty=ALWAYS)] = None
    left: Annotated[date | None, Column(en="Left", zh="离任日期", optional=True, empty=NEVER)] = None
    cadre: Annotated[Flag, Column(en="Cadre", zh="干部", optional=True, empty=True)] = None
    party_member: Annotated[Flag, Column(en="Party member", zh="党员", optional=True)] = None
    key_post: Annotated[Flag, Column(en="Key post", zh="关键岗位", optional=True)] = None
    young_cadre: Annotated[Flag, Column(en="Outstanding young cadre", zh="优秀年轻干部", optional=True)] = None
    leadership_team: Annotated[Flag, Column(en="Leadership team", zh="班子成员", optional=True)] = None


class Progress(Facts, table="progress", en="Progress", zh="指标进度", refuse=(_RANK_BEYOND_CITIES,)):
    """How far each indicator has come in a quarter."""

    quarter: Annotated[Quarter, Column(key=True, en="Quarter", zh="季度")]
    unit: Unit
    indicator: Indicator
    progress: Annotated[Decimal | None, Column(en="Progress", zh="完成进度", aliases=("进度",), low=0, step=_PROGRESS_STEP, worse="lower")]
    regional_rank: Annotated[int | None, Column(en="Regional rank", zh="全区排名", low=1, worse="higher", optional=True)] = None
    cities: Annotated[int | None, Column(en="Cities ranked", zh="参评市数", low=1, optional=True)] = None


class Style(Facts, table="style", en="Work style", zh="工作作风"):
    """How a unit's work style was judged in a quarter."""

    quarter: Annotated[Quarter, Column(key=True, en="Quarter", zh="季度")]
    unit: Unit
    style: Annotated[
        Literal["good", "ordinary", "prominent_problems"] | None,
        Column(
            en="Style",
            zh="作风",
            aliases=("作风评价",),
            words={"good": ("优良", "好"), "ordinary": ("一般",), "prominent_problems": ("问题突出", "突出问题")},
        ),
    ]


class Results(Facts, table="results", en="Year-end results", zh="年终考核结果", refuse=(_RANK_BEYOND_CITIES,)):
    """The region's year-end assessment of an indicator that a unit undertakes."""

    year: Annotated[Year, Column(key=True, en="Year", zh="年度")]
    unit: Unit
    indicator: Indicator
    regional_rank: RegionalRank
    cities: Cities
    deducted: Annotated[Decimal | None, Column(en="Points deducted", zh="扣分", aliases=("被扣分数",), low=0, step=_POINTS_STEP, worse="higher")]
    cause: Annotated[
        Literal["subjective", "objective"] | None,
        Column(en="Cause", zh="原因", aliases=("扣分原因",), words={"subjective": ("主观", "主观原因"), "objective": ("客观", "客观原因")}),
    ]
    completed: Annotated[Flag, Column(en="Task completed", zh="任务完成", aliases=("是否完成",))]


class Problems(Facts, table="problems", en="Problems", zh="问题清单"):
    """The problems listed for rectification."""

    problem: Annotated[str, Column(key=True, en="Problem", zh="问题", aliases=("问题编号",), personal="text")]
    aspect: Annotated[
        Literal["thought", "style", "ability"] | None,
        Column(en="Aspect", zh="方面", words={"thought": ("思想",), "style": ("作风",), "ability": ("能力",)}),
    ]
    listed_on: Annotated[date | None, Column(en="Listed on", zh="列入日期")]
    due_on: Annotated[date | None, Column(en="Due on", zh="完成时限", aliases=("整改时限",))]
    goal: Annotated[str | None, Column(en="Goal", zh="目标任务", personal="text")]
    measures: Annotated[str | None, Column(en="Measures", zh="具体措施", personal="text")]
    lead_unit: Annotated[str | None, Column(en="Lead unit", zh="牵头单位", references="units.unit")]
    responsible_unit: Annotated[str | None, Column(en="Responsible unit", zh="责任单位", references="units.unit")]
    effect_on: Annotated[date | None, Column(en="Effect seen on", zh="见效日期", empty=NEVER)]
    closed_on: Annotated[date | None, Column(en="Closed on", zh="销号日期", aliases=("办结日期",), empty=NEVER)]


_ACTIVITY_WORDS = {
    "lecture": ("科长讲堂",),
    "reflection": ("心得体会",),
    "regional_report": ("专题汇报",),
    "field_research": ("基层调研",),
    "research_activity": ("调研活动",),
    "research_report": ("调研报告",),
    "bureau_meeting": ("局务会",),
    "supervision_list": ("监督清单",),
    "style_filing": ("作风问题备案",),
    "university_training": ("高校培训",),
    "contact_visit": ("联系点走访",),
    "specialist_training": ("专题培训",),
    "study_away": ("外出学习",),
    "monthly_report": ("每月报告",),
    "return_visit": ("回访教育",),
    "economy_measures": ("服务经济措施",),
    "food_safety_city": ("食品安全示范城",),
}


class Activities(Facts, table="activities", en="Activities", zh="活动记录"):
    """What was done, by whom and when."""

    activity: Annotated[str, Column(key=True, en="Activity", zh="活动", aliases=("活动编号",), personal="text")]
    kind: Annotated[
        Literal[
            "lecture",
            "reflection",
            "regional_report",
            "field_research",
            "research_activity",
            "research_report",
            "bureau_meeting",
            "supervision_list",
            "style_filing",
            "university_training",
            "contact_visit",
            "specialist_training",
            "study_away",
            "monthly_report",
            "return_visit",
            "economy_measures",
            "food_safety_city",
        ],
        Column(en="Kind", zh="类别", empty=REFUSED, words=_ACTIVITY_WORDS),
    ]
    actor: Annotated[str, Column(en="Actor", zh="实施者", empty=REFUSED, personal="maybe_id")]
    done_on: Annotated[date, Column(en="Done on", zh="完成日期", aliases=("日期",), empty=REFUSED)]
    days: Annotated[Decimal | None, Column(en="Days", zh="天数", low=0, step="0.1", optional=True)] = None
    target: Annotated[str | None, Column(en="Target", zh="对象", optional=True, personal="maybe_id")] = None


class Contacts(Facts, table="contacts", en="Contact points", zh="联系点"):
    """The contact points of each bureau leader."""

    leader: Annotated[str, Column(key=True, en="Leader", zh="局领导", references="staff.person", personal="id")]
    contact: Annotated[str, Column(key=True, en="Contact point", zh="联系点", personal="text")]
    kind: Annotated[
        Literal["private_enterprise", "self_employed", "party_organisation"],
        Column(
            en="Kind",
            zh="类别",
            empty=REFUSED,
            words={"private_enterprise": ("私营企业",), "self_employed": ("个体工商户",), "party_organisation": ("党组织", "小个专党组织")},
        ),
    ]


class Trainings(Facts, table="trainings", en="Training evaluations", zh="培训评估"):
    """How a trainee was evaluated, per course and stage."""

    person: Annotated[str, Column(key=True, en="Person", zh="人员", aliases=("工号", "人员编号"), references="staff.person", personal="id")]
    course: Annotated[str, Column(key=True, en="Course", zh="课程", aliases=("培训班",))]
    stage: Annotated[
        Literal["early", "midway", "late"],
        Column(key=True, en="Stage", zh="阶段", words={"early": ("初期",), "midway": ("中期",), "late": ("后期",)}),
    ]
    attitude: Annotated[str | None, Column(en="Attitude", zh="学习态度", personal="text")]
    knowledge: Annotated[str | None, Column(en="Knowledge", zh="知识掌握", personal="text")]
    style: Annotated[str | None, Column(en="Style", zh="作风养成", personal="text")]
    problem_solving: Annotated[str | None, Column(en="Problem solving", zh="解决问题能力", personal="text")]


class Assessments(Facts, table="assessments", en="Assessments", zh="干部考核"):
    """The assessments a person has had."""

    person: Annotated[str, Column(key=True, en="Person", zh="人员", aliases=("工号", "人员编号"), references="staff.person", personal="id")]
    kind: Annotated[
        Literal["regular", "annual", "term", "special"],
        Column(
            key=True,
            en="Kind",
            zh="类别",
            words={"regular": ("平时考核", "平时"), "annual": ("年度考核", "年度"), "term": ("任期考核", "任期"), "special": ("专项考核", "专项")},
        ),
    ]
    period: Annotated[Period, Column(key=True, en="Period", zh="期间")]
    grade: Annotated[str | None, Column(en="Grade", zh="等次", optional=True, personal="text")] = None


class Exemptions(Facts, table="exemptions", en="Exemptions", zh="容错免责", counts=("decided_on", ""), absent="none"):
    """Errors found to fall under the tolerance documents."""

    unit: Unit
    year: Annotated[Year, Column(key=True, en="Year", zh="年度")]
    indicator: Annotated[str | None, Column(key=True, en="Indicator", zh="指标", optional=True, empty=EVERY)] = None
    authority: Authority
    reason: Reason
    decided_on: DecidedOn


TABLES: tuple[type[Facts], ...] = (
    Units,
    Staff,
    Progress,
    Style,
    Results,
    Problems,
    Activities,
    Contacts,
    Trainings,
    Assessments,
    Waivers,
    Exemptions,
    Disputes,
)
