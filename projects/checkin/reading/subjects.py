"""What a number or date in a text is about: a milestone, the whole project, a new milestone. Pure.

The prose parser gives each mention a subject and a label as they stand in the sentence
(「工行直联」「联调进度」). Here they meet the names of the project's milestones.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from projects.prose import DateMention, Percent, ReadingMention, State, fold
from projects.prose.percents.words import READ
from projects.prose.words import any_of, is_no_name
from projects.text import names
from projects.text.names import key

_LONGEST_NAME: Final = 20  # folded; what is longer is a clause

_STEP: Final = any_of(
    "开发 研发 编码 联调 测试 自测 提测 验收 设计 评审 部署 适配 对接 接入 配置 实施 调研 编写 "
    "回归 用例 灰度 压测 前端 后端 前后端 客户端 服务端 接口 功能 代码 系统 技术 方案 需求 页面 "
    "主流程 工作"
)
# 系统开发, 接口联调: steps that every milestone has.
_STEPS: Final = re.compile(rf"(?:{_STEP}|dev(?:elopment)?|test(?:ing|s)?|design|coding|qa|uat)+")
_WHOLE: Final = re.compile(r"整体|总体|项目|总(?:进|完)|overall|total")
_OF_PROGRESS: Final = re.compile(
    r"(?:的|工作|总)*(?:进度条?|进展|完成(?:度|率|比例?|情况)?|已经?|整体|总体|progress|completion"
    r"|completed?|finished|done|ready|overall)+$"
)
# What remains of a sentence around a name.
_AROUND: Final = re.compile(
    r"^(?:预计|计划|完成|目标|其中|本周|目前|同时)+|(?:整体|总体|预计|计划|时间|已经|[由从的已将按])+$"
)
_END: Final = re.compile(
    r"(?:正式|全量|全部|整体)?(?:上线|完成|交付|投产|发布|发版|全量|结束|结项|达标|开通"
    r"|go(?:es|ing)?[ -]?live|live|launch(?:ed|es)?|releas(?:ed?|es)|deliver(?:y|ed)?|done"
    r"|ship(?:ped)?|complet(?:ed?|ion)|finish(?:ed)?)*"
)
# Words of a clause, not of a name.
_CLAUSE: Final = re.compile(
    r"[的了并且让把被若由从约共已将需仍还未不没](?![求])|后(?![端台置])|前(?![端台置])|通过|确认|"
    r"沟通|依赖|等待|因为|由于|如果|计划|预计|预期|目标|剩余|其余|其中|本[周月期次轮]|上[周月]|"
    r"下[周月]|[今明昨]天|目前|当前|合计|累计|基本|左右|\d[%月]|[,，。;；、→]"
)
_PAUSE: Final = re.compile(r"[,，。;；]")
_HEAD_END: Final = re.compile(r"[:：]")
_ADVERBS: Final = re.compile(r"^(?:已经?|均|都|全部|全量|正式|顺利|成功)+")
# 二期, 第一批: an ordinal, which needs the word after it to be a name.
_ORDINAL: Final = re.compile(r"[第一二三四五六七八九十0-9a-zA-Z]{1,4}(?:期|批次?|阶段|版|轮)")


@dataclass(frozen=True, slots=True)
class Subject:
    """A milestone (its place in the list), a new one (its name), or else the project itself."""

    milestone: int | None = None
    new: str = ""
    is_part: bool = False  # of a step or a piece of it: 工行直联的联调


PROJECT: Final = Subject()


@dataclass(frozen=True, slots=True)
class _TextLine:
    start: int
    indent: int
    parent: _TextLine | None
    head: str  # the words before a colon, or all of a short line
    is_opened: bool  # by such words and a colon


class Subjects:
    """The subjects of one text's mentions, for a project with these names and milestones."""

    def __init__(
        self, text: str, project_names: Iterable[str], milestones: Sequence[tuple[str, bool]]
    ) -> None:
        """``milestones`` are pairs of name and whether it is open."""
        self._text = text
        self._own = {name_key for name in project_names for name_key in names.keys(name)}
        self._keys = [names.keys(name) for name, _ in milestones]
        self._open = [place for place, (_, is_open) in enumerate(milestones) if is_open]
        self._by_key = {
            name_key: i for i, keys in reversed([*enumerate(self._keys)]) for name_key in keys
        }
        self._lines = list(_lines(text))
        self._starts = [line.start for line in self._lines]
        self._named = names.places(text, self._by_key)
        self._named_starts = [place.start for place in self._named]
        self._new_on: dict[int, Subject] = {}  # by the start of the line

    def of_percent(self, percent: Percent) -> Subject | None:
        """The subject whose progress a percent is; ``None`` where that stays open."""
        label, name = fold(percent.label).lower(), _bare(percent.subject)
        step = _OF_PROGRESS.sub("", label)
        is_whole = bool(_WHOLE.search(label) or _WHOLE.search(percent.subject))
        for phrase in (name + step, name, step if self._opens_clause(percent) else ""):
            if (milestone := self._by_key.get(key(phrase))) is not None:
                return Subject(milestone, is_part=bool(phrase == name and step and not is_whole))
        if not name or key(name) in self._own:
            return self._unnamed(percent.start, step, is_own=bool(name), is_whole=is_whole)
        if (milestone := self._alike(name)) is not None:
            rest = key(name).replace(max(self._keys[milestone], key=len), "")
            return Subject(milestone, is_part=bool(step or _STEPS.search(rest)))
        if (milestone := self._governing(percent.start)) is not None:
            return Subject(milestone, is_part=True)
        if _STEPS.fullmatch(key(name)):
            return self._unnamed(percent.start, key(name), is_own=False, is_whole=False)
        new = self._new(_full(name, step))
        if new is not None:
            self._new_on[self._line(percent.start).start] = new
        return new

    def _opens_clause(self, percent: Percent) -> bool:
        """Whether its label begins a clause: what the one before is about is another thing."""
        before = self._text[: percent.start].removesuffix(percent.label)
        return before.endswith(("，", ",", "；", ";", "。"))

    def of_reading(self, reading: ReadingMention) -> Subject | None:
        """「工行直联 80%」: a percent right after the name of a milestone is its progress."""
        if (
            reading.unit != "%"
            or reading.is_target
            or reading.note
            or not 0 <= reading.value <= 100
        ):
            return None
        wanted = key(reading.name)
        if len(wanted) < 2 or READ.search(reading.name):
            return None
        milestone = self._by_key.get(wanted)
        if milestone is None:
            milestone = _only(i for i, keys in enumerate(self._keys) if wanted in keys[0])
        return None if milestone is None else Subject(milestone)

    def of_state(self, state: State) -> Subject | None:
        """The milestone named as done or live; 「已上线」 alone means the only open milestone."""
        name = _bare(state.subject)
        for phrase in (name, name + _ADVERBS.sub("", state.text)):
            if name and (milestone := self._by_key.get(key(phrase))) is not None:
                return Subject(milestone)
        if name and key(name) not in self._own:
            return None
        line = self._line(state.start)
        is_alone = line.parent is None and self._named_before(state.start) is None
        return Subject(self._open[0]) if is_alone and len(self._open) == 1 else None

    def of_due(self, mention: DateMention) -> Subject | None:
        """The subject whose end a due date is; steps on the way (提测) have none."""
        label, name = fold(mention.label).lower(), _bare(mention.subject)
        for phrase in (name + label, name, "" if name else label):
            milestone = self._by_key.get(key(phrase)) if phrase else None
            if milestone is not None and (phrase != name or self._is_end(label, milestone)):
                return Subject(milestone)
        if not name or key(name) in self._own or is_no_name(name):
            return self._unnamed_due(mention, label)
        if (milestone := self._alike(name)) is not None:
            full, subject_key = self._keys[milestone][0], key(name)
            rest = (
                subject_key.replace(full, "")
                if full in subject_key
                else full.replace(subject_key, "")
            )
            if self._is_end(label, milestone) and not _STEPS.fullmatch(rest):
                return Subject(milestone)
            return self._new(_full(name, label)) if _ORDINAL.fullmatch(name) else None
        if _STEPS.search(name) and self._governing(mention.start) is not None:
            return None
        return self._new(_full(name, label)) if _END.fullmatch(label) else None

    # --- what is to be asked ------------------------------------------------------------------

    def asks_of_percent(self, percent: Percent) -> bool:
        """Whether it is that of a step (系统开发85%), and nothing says of which milestone."""
        name = _bare(percent.subject)
        return self._is_unnamed(name, percent.start) and self.of_percent(percent) is None

    def could_end(self, mention: DateMention) -> list[int]:
        """The milestones that a due date may be of, where the words do not say so for sure.

        All open ones where it is the end of something; or the one that is named with another word
        (加固评审下周三过会), unless that is a step on the way.
        """
        label, name = fold(mention.label).lower(), _bare(mention.subject)
        if self.of_due(mention) is not None:
            return []
        if _END.fullmatch(label) and self._is_unnamed(name, mention.start):
            return self._open
        milestone = self._alike(name) if label and not _STEPS.search(label) else None
        return [milestone] if milestone in self._open else []

    def _is_unnamed(self, name: str, start: int) -> bool:
        is_none = not name or key(name) in self._own or bool(_STEPS.fullmatch(key(name)))
        return is_none and bool(self._open) and self._line(start).parent is None

    @property
    def open(self) -> list[int]:
        """The places of the open milestones."""
        return self._open

    # --- where nothing is named ---------------------------------------------------------------

    def _unnamed(self, start: int, step: str, *, is_own: bool, is_whole: bool) -> Subject | None:
        line = self._line(start)
        if is_own or (is_whole and line.parent is None):
            return PROJECT if is_whole or not step else None
        milestone = self._named_before(start)
        if milestone is not None and (not step or self._is_beside(start)):
            return Subject(milestone, is_part=bool(step))
        if line.parent is not None:
            return self._of_parent(line, "" if is_whole else step)
        return self._of_step(step) if step else self._of_all()

    def _of_all(self) -> Subject:
        return Subject(self._open[0]) if len(self._open) == 1 else PROJECT

    def _of_step(self, step: str) -> Subject | None:
        """「系统开发进度85%」: a milestone of that name; else the words do not say of which."""
        if (milestone := self._alike(step)) is not None:
            return Subject(milestone)
        return None if self._keys else self._new(step)

    def _unnamed_due(self, mention: DateMention, label: str) -> Subject | None:
        milestone = self._named_before(mention.start)
        line = self._line(mention.start)
        if milestone is None and line.parent is not None:
            subject = self._of_parent(line, "")
            milestone = subject.milestone if subject else None
            if milestone is None:
                return subject if subject and subject.new and _END.fullmatch(label) else None
        if milestone is None and (new := self._new_on.get(line.start)):
            return new if _END.fullmatch(label) else None
        if milestone is None and label:
            milestone = _only(i for i in self._open if key(label) in self._keys[i][0])
        if milestone is None and len(self._open) == 1:
            milestone = self._open[0]
        if milestone is not None:
            return Subject(milestone) if self._is_end(label, milestone) else None
        if not _END.fullmatch(label):
            return None
        # Where several are open, the words do not say which.
        return None if self._keys else self._new(label or "上线")

    def _of_parent(self, line: _TextLine, step: str) -> Subject | None:
        parent = line.parent
        while parent is not None:
            head = _bare(parent.head)
            if (milestone := self._by_key.get(key(head)) if head else None) is None and head:
                milestone = self._alike(head)
            if milestone is not None:
                return Subject(milestone, is_part=bool(step))
            if head and key(head) not in self._own and not is_no_name(head):
                return self._new(head, is_part=bool(step))
            parent = parent.parent
        return PROJECT if not step else None

    def _is_end(self, label: str, milestone: int) -> bool:
        """Whether what happens on a date is the end of that milestone: 二期联调 ends with 联调."""
        return bool(_END.fullmatch(label)) or key(label) in self._keys[milestone][0]

    # --- what is named ------------------------------------------------------------------------

    def _alike(self, name: str) -> int | None:
        """The milestone whose name stands in this one, or the only one that this stands in."""
        inside = names.places(name, self._by_key)
        if inside:
            return self._by_key[max(inside, key=lambda place: place.end - place.start).key]
        wanted = key(name)
        if len(wanted) < 2:
            return None
        alike = [
            i for i, keys in enumerate(self._keys) if any(wanted in known_key for known_key in keys)
        ]
        return _only(alike) if len(alike) < 2 else _only(i for i in alike if i in self._open)

    def _governing(self, start: int) -> int | None:
        """The milestone that opens the line, where the subject itself is a piece of its work."""
        line = self._line(start)
        milestone = self._alike(_bare(line.head)) if line.is_opened else None
        if milestone is None and line.parent is not None:
            subject = self._of_parent(line, "")
            milestone = subject.milestone if subject else None
        return milestone

    def _named_before(self, start: int) -> int | None:
        """The milestone that its line names last before ``start``, or the only one it names."""
        line = self._line(start)
        first = bisect_right(self._named_starts, line.start - 1)
        last = bisect_right(self._named_starts, start)
        if first < last:
            return self._by_key[self._named[last - 1].key]
        at = bisect_right(self._starts, line.start)
        end = self._starts[at] if at < len(self._starts) else None
        stop = len(self._named) if end is None else bisect_right(self._named_starts, end - 1)
        return _only({self._by_key[place.key] for place in self._named[last:stop][:50]})

    def _is_beside(self, start: int) -> bool:
        """Whether the name before ``start`` is in its clause, or opens its line with a colon.

        A step in another clause (PC端改造排期，系统开发95%) may be of another milestone.
        """
        line = self._line(start)
        last = bisect_right(self._named_starts, start)
        named = self._named[last - 1] if last else None
        if named is None or named.start < line.start:
            return False
        is_head = line.is_opened and self._alike(_bare(line.head)) is not None
        return is_head or not _PAUSE.search(self._text, named.end, start)

    def _line(self, start: int) -> _TextLine:
        return self._lines[max(0, bisect_right(self._starts, start) - 1)]

    def _new(self, name: str, *, is_part: bool = False) -> Subject | None:
        """A new milestone, if the words are a name."""
        bare = key(name)
        is_name = (
            2 <= len(bare) <= _LONGEST_NAME
            and any(map(str.isalpha, bare))
            and not _CLAUSE.search(name)
            and not is_no_name(name)
            and not (self._keys and _STEPS.fullmatch(bare))
        )
        return Subject(new=name.strip(), is_part=is_part) if is_name else None


def _only(values: Iterable[int]) -> int | None:
    all_values = list(values)
    return all_values[0] if len(all_values) == 1 else None


def _bare(subject: str) -> str:
    """The name in a subject, without the words around it and the numbers after it."""
    name = re.split(r"\s*\d+(?:\.\d+)?\s*%|\s*\d+/\d+", subject, maxsplit=1)[0]
    return _AROUND.sub("", name.strip()).strip()


def _full(name: str, step: str) -> str:
    """二期 and 联调 are 二期联调, 商户 and 切换 are 商户切换; 交行直联 needs no 开发 after it."""
    is_needed = _ORDINAL.fullmatch(name) or not (_STEPS.fullmatch(step) or _END.fullmatch(step))
    return name + step if is_needed else name


def _lines(text: str) -> Iterator[_TextLine]:
    above: list[_TextLine] = []
    at = 0
    for written in text.splitlines(keepends=True):
        words = written.strip()
        if words:
            indent = len(written) - len(written.lstrip())
            while above and above[-1].indent >= indent:
                above.pop()
            line = _TextLine(at, indent, above[-1] if above else None, *_head(words))
            yield line
            above.append(line)
        at += len(written)
    if not text.strip():
        yield _TextLine(0, 0, None, "", is_opened=False)


def _head(words: str) -> tuple[str, bool]:
    """What the line is about, and whether a colon says so."""
    head, *rest = _HEAD_END.split(re.sub(r"^[-*+•·>#\s\d.)、]{1,8}(?=\D)", "", words), maxsplit=1)
    return head.strip() if rest or len(head) <= _LONGEST_NAME else "", bool(rest)
