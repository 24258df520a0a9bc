"""What may hold tables for Spark: folders of Parquet wherever Spark reads, and frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Place, Problem, UsageError
from ..load.files import refusing
from ..load.problems import Problems, fail
from ..model.cells import kind_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_LEFT_OUT = (".", "_", "~$")
"""How the names of files begin that are no tables, such as `_SUCCESS`."""


@dataclass(frozen=True)
class SparkOffered:
    """What may be a table: its name as written, its place and its rows."""

    name: str
    place: Place
    frame: DataFrame
    aside: bool = False

    @property
    def label(self) -> str:
        """Its name for an error that compares two of them."""
        return self.place.file


def is_spark_frame(rows: object) -> bool:
    """Whether it is a data frame of Spark, told by its class, so that nothing is imported."""
    return type(rows).__module__.startswith("pyspark.sql.") and hasattr(rows, "sparkSession")


def session_of(source: Any, session: SparkSession | None = None) -> SparkSession:
    """The session given, else that of the frames, else the one that runs, or a new one."""
    if session is not None:
        return session
    if isinstance(source, Mapping):
        frames = [frame for frame in source.values() if is_spark_frame(frame)]
        if frames:
            return frames[0].sparkSession  # type: ignore[no-any-return]
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()


def spark_offered(source: Any, session: SparkSession, problems: Problems) -> Iterator[SparkOffered]:
    """The tables of a folder that Spark reads, or of a mapping of frames."""
    if isinstance(source, Mapping):
        for name, frame in source.items():
            place = Place(file=str(name))
            yield SparkOffered(str(name), place, _frame(frame, session, place))
        return
    folder = f"file://{source.absolute()}" if isinstance(source, Path) else str(source)
    for name, path, is_folder in _listed(folder, session):
        place = Place(file=name)
        stem, dot, suffix = name.rpartition(".")
        if name.startswith(_LEFT_OUT) or name.casefold().startswith("readme"):
            continue
        if dot and suffix.lower() == "parquet":
            yield SparkOffered(stem, place, _parquet(path, session, place))
        elif is_folder:
            yield SparkOffered(name, place, _parquet(path, session, place))
        else:
            problems.add("CR-UNKNOWN-FILE", place)


def _parquet(path: str, session: SparkSession, place: Place) -> DataFrame:
    with refusing("CR-BAD-PARQUET", place):
        frame = session.read.parquet(path)
        frame.schema  # noqa: B018 - reads the files' headings now
        return frame


def _listed(folder: str, session: SparkSession) -> list[tuple[str, str, bool]]:
    """What lies in a folder of any file system that Spark knows: name, path and whether it is a folder."""
    system, path = file_system(folder, session)
    shown = Place(file=path.getName())
    with refusing("CR-UNREADABLE", shown):
        there = system.exists(path)
        is_folder = there and system.getFileStatus(path).isDirectory()
        found = system.listStatus(path) if is_folder else []
        named = [(one.getPath().getName(), one.getPath().toString(), one.isDirectory()) for one in found]
    if not is_folder:
        raise UsageError(Problem("CR-NEEDS-FOLDER" if there else "CR-NO-SUCH-PATH", shown))
    return sorted(named)


def file_system(path: str, session: SparkSession) -> tuple[Any, Any]:
    """The file system of a path, and the path as it takes it; `UsageError` for Spark Connect, where there is none."""
    java: Any = getattr(session, "_jvm", None)
    if java is None:
        raise UsageError(Problem("CR-NOT-TABLES", values={"found": "folder"}))
    with refusing("CR-UNREADABLE", Place(file=path.rpartition("/")[2])):
        own = java.org.apache.hadoop.fs.Path(path)
        # Python has no other way to Spark's settings of file systems.
        return own.getFileSystem(session._jsparkSession.sessionState().newHadoopConf()), own  # noqa: SLF001


def _frame(frame: Any, session: SparkSession, place: Place) -> DataFrame:
    """A frame as one of Spark: of its own, or of another library, for the few rows that come from elsewhere."""
    if is_spark_frame(frame):
        return frame  # type: ignore[no-any-return]
    library = type(frame).__module__.partition(".")[0]
    if library == "polars" and hasattr(frame, "collect_schema"):
        return session.createDataFrame(frame.lazy().collect().to_arrow())
    if library == "pandas" and hasattr(frame, "iterrows"):
        return session.createDataFrame(frame)
    if library == "pyarrow" and hasattr(frame, "num_columns"):
        return session.createDataFrame(frame)
    fail("CR-NOT-ROWS", place, found=kind_of(frame))
