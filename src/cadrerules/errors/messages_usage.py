"""Error texts about calls and commands."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

USAGE: Mapping[str, Message] = {
    "CR-NO-SUCH-RULE": Message(
        "there is no rule `{name}`",
        "没有规则“{name}”",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-NO-SUCH-CHANGE": Message(
        "`{name}` is no kind of change that mutants are made by",
        "“{name}”不是变异测试的改动种类",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-PACKAGE-NAME": Message(
        "`{name}` can't be the name of a package",
        "“{name}”不能用作软件包名称",
        "use lower-case letters, digits and single hyphens, beginning with a letter and at most 60, such as `{nearest}`",
        "请使用小写字母、数字和单个连字符，以字母开头，最多 60 个字符，例如 `{nearest}`",
    ),
    "CR-PACKAGE-TAKEN": Message(
        "there is a module or a policy set `{name}` already",
        "已有名为“{name}”的模块或政策集",
        "choose another name, such as `{nearest}`",
        "请换一个名称，例如 `{nearest}`",
    ),
    "CR-CALL": Message(
        "the command isn't understood: {reason}",
        "无法理解该命令：{reason}",
        "`cadrerules COMMAND --help` says what it takes",
        "`cadrerules 命令 --help` 可查看用法",
    ),
    "CR-NOT-AN-OPTION": Message(
        "`{value}` is no {option}",
        "“{value}”不是可用的 {option}",
        "it takes {allowed}",
        "可用：{allowed}",
    ),
    "CR-NOT-A-SETTING": Message(
        "`{value}` after `{option}` is no setting",
        "`{option}` 后的“{value}”不是有效的设定",
        "write `{option} NAME=VALUE`, such as `{example}`",
        "请写成 `{option} 名称=值`，例如 `{example}`",
    ),
    "CR-GIVEN-TWICE": Message(
        "`{name}` is given twice with `{option}`",
        "`{option}` 重复给出“{name}”",
        "give it once",
        "请只给出一次",
    ),
    "CR-NO-REGISTER": Message(
        "policy set `{name}` has no register of clauses",
        "政策集“{name}”没有条款登记表",
        "list the clauses of its source in `clauses.yaml`, beside its policies",
        "请在政策文档所在文件夹的 `clauses.yaml` 中列出原文各条款",
    ),
    "CR-NOT-A-DAY": Message(
        "`{value}` after `{option}` is not a day",
        "`{option}` 后的“{value}”不是日期",
        "write it as `2025-01-15`",
        "请写成 2025-01-15",
    ),
    "CR-CASES-WITHOUT-SET": Message(
        "nothing says which policy set these cases are about",
        "未说明这些用例针对哪个政策集",
        "put the file into the folder `{folder}` beside `policy_set.yaml`, or name an installed set: `policy_set: NAME`",
        "请将文件放入 `policy_set.yaml` 旁的 `{folder}` 文件夹，或写明已安装的政策集：`policy_set: 名称`",
    ),
    "CR-NO-CASES": Message(
        "there are no cases in `{where}`",
        "“{where}”中没有用例",
        "cases are YAML files in a folder `cases` beside `policy_set.yaml`",
        "用例是 `policy_set.yaml` 旁 `cases` 文件夹中的 YAML 文件",
    ),
    "CR-NEEDS-OUT": Message(
        "`--format {format}` needs a file to write to",
        "`--format {format}` 需要指定输出文件",
        "add `--out FILE`",
        "请加上 `--out 文件`",
    ),
    "CR-WHICH-REPORT": Message(
        "no report is named",
        "未指明报告名称",
        "there are: {known}",
        "可用的报告：{known}",
    ),
    "CR-UNKNOWN-REPORT": Message(
        "there is no report `{name}`",
        "没有名为“{name}”的报告",
        "there are: {known}",
        "可用的报告：{known}",
    ),
    "CR-REPORT-NEEDS-SUBJECT": Message(
        "the report `{name}` is about one subject",
        "报告“{name}”针对单个对象",
        "add `--subject ID`",
        "请加上 `--subject 编号`",
    ),
    "CR-NOT-FOR-REPORT": Message(
        "the report `{name}` takes no `{option}`",
        "报告“{name}”不接受 `{option}`",
        "leave it out",
        "请去掉该选项",
    ),
    "CR-REPORT-NEEDS-TABLE": Message(
        "the report `{name}` needs the table `{table}`, which isn't there",
        "报告“{name}”需要表“{table}”，但数据中没有",
        "add the table to the data, or ask for another report",
        "请在数据中补充该表，或选用其他报告",
    ),
    "CR-REPORT-PERIOD": Message(
        "`{period}` is no period that the report `{name}` can be made for",
        "报告“{name}”不能按期间“{period}”生成",
        "it takes {kind}",
        "应为{kind}",
    ),
    "CR-NOTHING-TO-REPORT": Message(
        "the report `{name}` has nothing to show for {period}",
        "报告“{name}”在期间 {period} 没有可展示的内容",
        "it has something for: {known}",
        "有内容的期间：{known}",
    ),
    "CR-BAD-REPORT": Message(
        "the report `{name}` can't be made: {reason}",
        "无法生成报告“{name}”：{reason}",
        "update the plugin that brings it",
        "请更新提供该报告的插件",
    ),
    "CR-NOT-GROUPED": Message(
        "`{name}` can't be chosen: nothing keeps organisations apart",
        "无法选择“{name}”：没有按单位分组",
        "name the column that does with `--group-by`, in Python `group_by=`",
        "请用 `--group-by` 指明分组列（Python 中为 `group_by=`）",
    ),
    "CR-GROUP-DIFFERS": Message(
        "the tables can't be grouped by `{name}`: they were read with the grouping column `{read}`",
        "无法按 `{name}` 分组：读取这些表时所用的分组列是 `{read}`",
        "read them again with the other column",
        "请按所需的列重新读取",
    ),
    "CR-UNKNOWN-GROUP": Message(
        "no table has the organisation `{name}`",
        "各表中没有单位“{name}”",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-WHICH-GROUP": Message(
        "one organisation must be chosen of {count}: {known}",
        "须从 {count} 个单位中选定一个：{known}",
        "name it with `--group`, in Python `group=`",
        "请用 `--group` 指明（Python 中为 `group=`）",
    ),
    "CR-TRACE-NEEDS-JSON": Message(
        "`--trace` goes with `--format json` only",
        "`--trace` 只能与 `--format json` 一起使用",
        "add `--format json`, or use `cadrerules explain`",
        "请加上 `--format json`，或使用 `cadrerules explain`",
    ),
    "CR-KEY-LENGTH": Message(
        "the key for pseudonyms has {count} bytes; a key has {least} to {most}",
        "代号密钥为 {count} 字节；密钥应为 {least} 至 {most} 字节",
        "make one with `python -c \"import pathlib, secrets; pathlib.Path('person.key').write_bytes(secrets.token_bytes(32))\"`",
        "可用以下命令生成：python -c \"import pathlib, secrets; pathlib.Path('person.key').write_bytes(secrets.token_bytes(32))\"",
    ),
    "CR-NOTHING-PERSONAL": Message(
        "no column of these tables ({tables}) is declared to hold persons' ids or names, so nothing would be replaced",
        "这些表（{tables}）中没有任何列声明为人员编号或姓名，因此无可替换",
        "mark such columns with `personal` in the declaration of the tables",
        "请在表的声明中用 personal 标明这些列",
    ),
    "CR-NO-GIT": Message(
        "`{text}` is a revision, and git isn't installed",
        "“{text}”是 git 版本，但未安装 git",
        "install git, or name a folder",
        "请安装 git，或给出文件夹",
    ),
    "CR-NO-REPOSITORY": Message(
        "`{text}` is a revision, and the current folder is in no git repository",
        "“{text}”是 git 版本，但当前文件夹不在 git 仓库中",
        "run the command inside the repository, or name a folder",
        "请在仓库内运行该命令，或给出文件夹",
    ),
    "CR-UNKNOWN-REVISION": Message(
        "the repository has no revision `{revision}`",
        "仓库中没有版本“{revision}”",
        "`git log --oneline` and `git branch` list what there is",
        "可用 `git log --oneline` 和 `git branch` 查看",
    ),
    "CR-NOT-IN-REVISION": Message(
        "revision `{revision}` has no folder `{path}`",
        "版本“{revision}”中没有文件夹“{path}”",
        "the path begins at the repository's root, `HEAD~1:policies/ours`; `./` at the current folder",
        "路径从仓库根目录起算，如 `HEAD~1:policies/ours`；以 `./` 开头则从当前文件夹起算",
    ),
    "CR-CANT-WRITE": Message(
        "`{file}` can't be written: {reason}",
        "无法写入“{file}”：{reason}",
        "check that the folder exists and that you may write there",
        "请检查文件夹是否存在、是否有写入权限",
    ),
    "CR-SWEEP-AXES": Message(
        "{count} parameters are to take several values",
        "有 {count} 个参数需取多个值",
        "name one or two, such as `board.red_to=3..12`; single values are only set",
        "请给出一个或两个，例如 `board.red_to=3..12`；单个值只作设定",
    ),
    "CR-SWEEP-RANGE": Message(
        "`{range}` is no range",
        "“{range}”不是有效的取值范围",
        "write the lower end first, and a step above nought that gives at most {most} values: `3..12` or `0..5/0.5`",
        "先写下限，步长大于零且取值不超过 {most} 个，例如 `3..12` 或 `0..5/0.5`",
    ),
    "CR-SWEEP-SIZE": Message(
        "the values make {count} points, more than {most}",
        "取值组合共 {count} 个，超过 {most} 个",
        "take fewer values, or a wider step",
        "请减少取值，或加大步长",
    ),
    "CR-NOT-A-GOAL": Message(
        "`{value}` is no goal",
        "“{value}”不是有效的目标",
        "write an outcome and at most or at least how many, such as `{example}`",
        "请写明结论及上限或下限，例如 `{example}`",
    ),
    "CR-NO-REFORM": Message(
        "there is no reform to compare with",
        "未指定要比较的改动方案",
        "name a reform document with `--reform FILE`; it may be given again",
        "请用 `--reform 文件` 给出改动方案；可重复使用",
    ),
    "CR-BY-UNKNOWN": Message(
        "the facts have no column `{name}` to break down by",
        "数据中没有可用于分组统计的列“{name}”",
        "did you mean `{nearest}`? Write the table and its column, or the grouping column",
        "是否想写 `{nearest}`？请写“表.列”，或所用的分组列",
    ),
    "CR-BY-NO-SUBJECT": Message(
        "`{name}` stands beside no subject of a decision, so nothing can be broken down by it",
        "“{name}”不与任何结论对象对应，无法据以分组统计",
        "use a column of a table whose key begins with the ids of such subjects: `{nearest}`",
        "请使用以对象编号为键的表中的列：`{nearest}`",
    ),
    "CR-TOO-MANY-ROWS": Message(
        "`{sheet}` has {count} rows, more than a worksheet holds ({limit})",
        "“{sheet}”有 {count} 行，超过工作表的上限（{limit} 行）",
        "use `--format csv` or `json`",
        "请使用 `--format csv` 或 `json`",
    ),
    "CR-INTERNAL": Message(
        "something went wrong inside cadrerules ({what})",
        "cadrerules 内部出错（{what}）",
        "please report it with the command you gave; CADRERULES_DEBUG=1 shows where it happened",
        "请连同所用命令一并报告；设置 CADRERULES_DEBUG=1 可显示出错位置",
    ),
}
