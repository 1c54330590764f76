"""Readers: 44 ways to read a file, each on a file of its own. `{0}` is its path, which the cell puts together as it reads.

The list is that of what was measured of audit hooks: they hear 25 of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """`make` writes the file, `read` is the cell's code, `needs` what has to be installed."""

    name: str
    read: str
    make: str = "pd.DataFrame({{'a': range(5), 'b': list('abcde')}}).to_csv({0}, index=False)"
    suffix: str = ".csv"
    needs: tuple[str, ...] = ()


_PARQUET = "pd.DataFrame({{'a': range(5)}}).to_parquet({0})"
_FEATHER = "pd.DataFrame({{'a': range(5)}}).to_feather({0})"
_NPY = "np.save({0}, np.arange(6.0))"
_PICTURE = "matplotlib.image.imsave({0}, np.zeros((4, 4)))"
_DATABASE = "sqlite3.connect({0}).executescript('create table t (x); insert into t values (1);').connection.close()"
_BYTES = "np.arange(6.0).tofile({0})"
_NUMBERS = "np.savetxt({0}, np.eye(3), delimiter=',')"

READERS = (
    Reader("open", "x = open({0}).read()"),
    Reader("os.open", "h = os.open({0}, os.O_RDONLY); x = os.read(h, 9); os.close(h)"),
    Reader("pathlib", "x = pathlib.Path({0}).read_text()"),
    Reader("pandas.read_csv", "x = pd.read_csv({0})"),
    Reader("pandas.read_csv gz", "x = pd.read_csv({0})", suffix=".csv.gz"),
    Reader("pandas.read_csv pyarrow", "x = pd.read_csv({0}, engine='pyarrow')"),
    Reader("pandas.read_parquet", "x = pd.read_parquet({0})", _PARQUET, ".parquet"),
    Reader("pandas.read_parquet filters", "x = pd.read_parquet({0}, filters=[('a', '>', 2)])", _PARQUET, ".parquet"),
    Reader("pandas.read_feather", "x = pd.read_feather({0})", _FEATHER, ".feather"),
    Reader("pandas.read_pickle", "x = pd.read_pickle({0})", "pd.DataFrame({{'a': [1]}}).to_pickle({0})", ".pkl"),
    Reader("pandas.read_json", "x = pd.read_json({0})", "pd.DataFrame({{'a': [1]}}).to_json({0})", ".json"),
    Reader("sqlite3", "c = sqlite3.connect({0}); x = c.execute('select * from t').fetchall(); c.close()", _DATABASE, ".db"),
    Reader("pandas.read_sql", "c = sqlite3.connect({0}); x = pd.read_sql('select * from t', c); c.close()", _DATABASE, ".db"),
    Reader("numpy.load", "x = np.load({0})", _NPY, ".npy"),
    Reader("numpy.load mmap", "x = np.load({0}, mmap_mode='r').sum()", _NPY, ".npy"),
    Reader("numpy.load npz", "x = np.load({0})['a']", "np.savez({0}, a=np.arange(3))", ".npz"),
    Reader("numpy.fromfile", "x = np.fromfile({0})", _BYTES, ".bin"),
    Reader("numpy.memmap", "x = float(np.memmap({0}, mode='r', dtype='f8').sum())", _BYTES, ".bin"),
    Reader("numpy.genfromtxt", "x = np.genfromtxt({0}, delimiter=',')", _NUMBERS, ".txt"),
    Reader("numpy.loadtxt", "x = np.loadtxt({0}, delimiter=',')", _NUMBERS, ".txt"),
    Reader("joblib.load", "x = joblib.load({0})", "joblib.dump([1], {0})", ".joblib", ("joblib",)),
    Reader("PIL", "x = np.asarray(PIL.Image.open({0}))", _PICTURE, ".png", ("PIL", "matplotlib")),
    Reader("matplotlib.imread", "x = matplotlib.image.imread({0})", _PICTURE, ".png", ("matplotlib",)),
    Reader("a thread", "worker = threading.Thread(target=lambda: open({0}).read()); worker.start(); worker.join()"),
    Reader("subprocess", "x = subprocess.run(['cat', {0}], capture_output=True).stdout"),
    Reader("pyarrow.parquet.read_table", "x = pq.read_table({0})", _PARQUET, ".parquet"),
    Reader("pyarrow.parquet.ParquetFile", "x = pq.ParquetFile({0}).read()", _PARQUET, ".parquet"),
    Reader("pyarrow.csv", "x = pyarrow.csv.read_csv({0})"),
    Reader("pyarrow.dataset", "x = pyarrow.dataset.dataset({0}).to_table()", _PARQUET, ".parquet"),
    Reader("pyarrow.feather", "x = pyarrow.feather.read_table({0})", _FEATHER, ".feather"),
    Reader("pyarrow.memory_map", "x = pyarrow.memory_map({0}).read()"),
    Reader("polars.read_csv", "x = pl.read_csv({0})", needs=("polars",)),
    Reader("polars.read_parquet", "x = pl.read_parquet({0})", _PARQUET, ".parquet", ("polars",)),
    Reader("polars.scan_parquet", "x = pl.scan_parquet({0}).collect()", _PARQUET, ".parquet", ("polars",)),
    Reader("polars.scan_csv", "x = pl.scan_csv({0}).collect()", needs=("polars",)),
    Reader(
        "polars.read_ipc",
        "x = pl.read_ipc({0})",
        "pl.DataFrame({{'a': [1]}}).write_ipc({0})",
        ".arrow",
        ("polars",),
    ),
    Reader("duckdb read_parquet", "x = duckdb.read_parquet({0}).fetchall()", _PARQUET, ".parquet"),
    Reader("duckdb read_csv", "x = duckdb.sql('select * from read_csv(' + repr({0}) + ')').fetchall()"),
    Reader(
        "duckdb connect",
        "c = duckdb.connect({0}, read_only=True); x = c.execute('select * from t').fetchall(); c.close()",
        "duckdb.connect({0}).execute('create table t as select 1').close()",
        ".duckdb",
    ),
    Reader("pandas.read_hdf", "x = pd.read_hdf({0}, 'a')", "pd.DataFrame({{'a': [1]}}).to_hdf({0}, key='a')", ".h5", ("tables",)),
    Reader(
        "h5py",
        "x = h5py.File({0}, 'r')['a'][:]",
        "h5py.File({0}, 'w').create_dataset('a', data=[1]).file.close()",
        ".h5",
        ("h5py",),
    ),
    Reader(
        "lightgbm.Dataset",
        "x = lightgbm.Dataset({0}, params={{'verbose': -1, 'min_data_in_bin': 1}}).construct().num_data()",
        "np.savetxt({0}, np.random.rand(50, 3), delimiter=',')",
        ".csv",
        ("lightgbm",),
    ),
    Reader(
        "xgboost.Booster",
        "x = xgboost.Booster(model_file={0}).num_features()",
        "xgboost.train({{}}, xgboost.DMatrix(np.eye(4), np.arange(4)), 1).save_model({0})",
        ".json",
        ("xgboost",),
    ),
    Reader("a forked child", "with multiprocessing.get_context('fork').Pool(1) as p: x = p.map(length, [{0}])"),
)
