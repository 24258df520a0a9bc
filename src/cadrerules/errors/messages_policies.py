"""Error texts about policy documents and policy sets."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

POLICIES: Mapping[str, Message] = {
    "CR-BAD-DOCUMENT": Message(
        "{reason}",
        "文档内容不符合格式：{reason}",
        "`cadrerules policy schema` prints what a document may hold",
        "`cadrerules policy schema` 可列出文档允许的内容",
    ),
    "CR-UNKNOWN-DOCUMENT": Message(
        "this is no document that cadrerules knows",
        "无法识别该文档的种类",
        "one of these entries tells what it is: {known}",
        "应有下列条目之一，以表明文档的种类：{known}",
    ),
    "CR-CANT-FORMAT": Message(
        "this document can't be formatted without changing what it says",
        "无法在不改变内容的情况下整理该文档的格式",
        "it stays as it was; please report it with the lines around this place",
        "文档保持不变；请连同此处前后的内容一并反馈",
    ),
    "CR-NO-POLICIES": Message(
        "the folder holds no policy set",
        "该文件夹中没有政策集",
        "a policy set is a folder with `policy_set.yaml`, `questions.yaml` and a document per policy",
        "政策集是一个文件夹，内含 `policy_set.yaml`、`questions.yaml` 和各项政策文档",
    ),
    "CR-UNKNOWN-SET": Message(
        "no policy set `{name}` is installed",
        "没有安装政策集“{name}”",
        "installed: {known}; a path to a folder works too",
        "已安装：{known}；也可以给出文件夹路径",
    ),
    "CR-WHICH-SET": Message(
        "several policy sets know these tables, or none: {known}",
        "适用于这些表的政策集不止一个或没有：{known}",
        "name one with `--policies`, or in CADRERULES_POLICIES",
        "请用 `--policies` 或环境变量 CADRERULES_POLICIES 指定",
    ),
    "CR-NAME-TWICE": Message(
        "{kind} `{name}` is given twice",
        "{kind}“{name}”重复",
        "give each its own name",
        "请使用不同的名称",
    ),
    "CR-UNKNOWN-TABLE": Message(
        "there is no table, view or group `{name}`",
        "没有名为“{name}”的表、视图或分组",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-UNKNOWN-OUTCOME": Message(
        "no question has the verdict `{name}`",
        "没有任何问题有结论“{name}”",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-UNKNOWN-CLAUSE": Message(
        "the register of clauses has no clause `{name}`",
        "条款登记表中没有“{name}”这一条",
        "did you mean `{nearest}`? `clauses.yaml` lists every clause that may be cited",
        "是否想写 `{nearest}`？可引用的条款均须列入 `clauses.yaml`",
    ),
    "CR-RULE-EXPECTED": Message(
        "the register of clauses expects the rule `{name}`, which isn't there",
        "条款登记表列有规则“{name}”，但尚无此规则",
        "write the rule, cite the clause in it, or take it out of the register",
        "请编写该规则并注明条款，或从登记表中删去",
    ),
    "CR-RULE-UNLISTED": Message(
        "the register of clauses doesn't list the rule `{name}` under a clause that it cites",
        "规则“{name}”所引条款在登记表中未列出该规则",
        "list it in `clauses.yaml`, under `rules` of the entry that it answers",
        "请将其列入 `clauses.yaml` 中相应条目的 `rules`",
    ),
    "CR-RULE-UNCITED": Message(
        "the rule `{name}` cites no clause of the source",
        "规则“{name}”未注明所依据的条款",
        "add `clause`",
        "请补充 `clause`",
    ),
    "CR-CHOICE-INCOMPLETE": Message(
        "`choose: {name}` says nothing for one of the readings",
        "`choose: {name}` 没有覆盖某个选项",
        "give an entry for each option of the interpretation",
        "请为该解释的每个选项各写一项",
    ),
    "CR-CYCLE": Message(
        "the derived columns {names} need each other",
        "派生列 {names} 相互依赖",
        "no column may depend on itself, however indirectly",
        "派生列不得直接或间接依赖自身",
    ),
    "CR-NAME-TAKEN": Message(
        "there is a column `{name}` already",
        "已有名为“{name}”的列",
        "give the derived column another name",
        "请为派生列另取名称",
    ),
    "CR-MIXED-CASES": Message(
        "the cases of `{name}` give values of different kinds",
        "“{name}”各分支的值类型不一致",
        "give only numbers, only words or only truths",
        "请全部使用数字、全部使用词语或全部使用真假值",
    ),
    "CR-NO-SUBJECT": Message(
        "`{question}` is about a {subject}, but the rows have no key column `{subject}`",
        "问题“{question}”针对 {subject}，而这些行的键中没有 `{subject}` 列",
        "name the addressees with `to: {{each: TABLE}}`",
        "请用 `to: {{each: 表名}}` 指明对象",
    ),
    "CR-WRONG-PERIOD": Message(
        "the question asks per {kind}, but the rows of this rule have no {kind} in their key",
        "该问题按{kind}作答，而此规则各行的键中没有对应期间",
        "use rows whose key holds that period, or another question",
        "请使用键中含有该期间的行，或改用其他问题",
    ),
    "CR-NO-SUCH-SHEET": Message(
        "the workbook has no sheet `{sheet}`",
        "工作簿中没有工作表“{sheet}”",
        "name a sheet of it, or add one",
        "请写明其中已有的工作表，或新增该工作表",
    ),
    "CR-TABLE-HEADINGS": Message(
        "the headings of the decision table are `{found}`, but it tests `{wanted}`",
        "决策表的表头为“{found}”，而规则检验的是“{wanted}”",
        "give the file the same columns in the same order, then one for the verdict",
        "请使文件的列及其次序一致，最后一列为结论",
    ),
    "CR-TABLE-ROW": Message(
        "this row of the decision table hasn't {count} cells",
        "决策表的这一行不是 {count} 个单元格",
        "give every column a cell; `-` stands for anything",
        "请填满各列；“-”表示任意",
    ),
    "CR-ROWS-OVERLAP": Message(
        "rows {first} and {second} of the decision table can both hit, and its hit policy is `unique`",
        "决策表第 {first} 行与第 {second} 行可能同时命中，而命中策略为 `unique`",
        "make the tests exclude each other, or use the hit policy `first` or `collect`",
        "请使各行条件互斥，或将命中策略改为 `first` 或 `collect`",
    ),
    "CR-NO-COHORT-HERE": Message(
        "a condition on addressees, and an aggregate of another table, can't look at further rows",
        "对象条件以及对其他表的汇总之中，不能再引用别的行",
        "put what is needed into a derived column first",
        "请先把所需内容放进派生列",
    ),
    "CR-BAD-DOMAIN": Message(
        "`{domain}` is no domain for `{name}`",
        "“{domain}”不是参数“{name}”的有效范围",
        "write `>= 1`, `<= 10` or `1..10`",
        "请写 `>= 1`、`<= 10` 或 `1..10`",
    ),
    "CR-BAD-PARAMETER": Message(
        "`{value}` can't be the value of `{name}`",
        "“{value}”不能作为参数“{name}”的值",
        "it takes a {allowed}",
        "应为：{allowed}",
    ),
    "CR-UNKNOWN-SETTING": Message(
        "there is no {kind} `{name}`",
        "没有名为“{name}”的设置项",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-UNKNOWN-READING": Message(
        "`{option}` is no reading of `{name}`",
        "“{option}”不是解释“{name}”的选项",
        "it takes {options}",
        "可选：{options}",
    ),
    "CR-BAD-PLUGIN": Message(
        "plugin `{name}` can't be used: {reason}",
        "插件“{name}”无法使用：{reason}",
        "update or remove the plugin",
        "请更新或卸载该插件",
    ),
}
