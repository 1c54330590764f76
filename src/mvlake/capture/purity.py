"""Purity: what well-known functions and methods do to the objects that they are called on and given.

Without types, a name is all there is to go by, so these lists trade in conventions: `predict` looks, `fit` changes its
receiver and only reads X and y. What is not listed may change everything it touches. A wrong entry here is worse than a
missing one: a missing entry makes a slice longer, a wrong one makes it false. Hence no name stands here that a popular
library uses for a change in place (`sort` of lists, `update`, `shuffle`, torch's names with a trailing underscore).
"""

import re
from enum import Enum, auto


class Manners(Enum):
    """What a call does to its receiver and arguments, and what its result shares with them."""

    LOOKS = auto()  # changes nothing; the result is new
    COPIES = auto()  # changes nothing; the result is a shallow copy
    GATHERS = auto()  # changes nothing; the result is a new container of the same items
    VIEWS = auto()  # changes nothing; the result may be a part of what was given
    TRAINS = auto()  # changes the receiver and what it holds, not the arguments; the result may be the receiver
    STORES = auto()  # changes the receiver, which then holds the arguments
    UNKNOWN = auto()  # may change everything


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


_LOOKING_FUNCTIONS = words("""
    print len type isinstance issubclass sum str repr ascii format abs round range hash id bool int float complex
    bytes chr ord hex oct bin callable hasattr any all divmod pow display pprint input open dir help super deepcopy
    clone train_test_split cross_val_score cross_val_predict cross_validate learning_curve validation_curve
    permutation_importance classification_report confusion_matrix roc_curve precision_recall_curve
    precision_recall_fscore_support det_curve auc pairwise_distances cosine_similarity check_is_fitted
    compute_class_weight compute_sample_weight partial_dependence make_classification make_regression make_blobs
    make_moons make_circles sqrt exp log isnan isfinite perf_counter plot_tree export_text namedtuple Counter Path
    PurePath Fraction Decimal
""")

_GATHERING_FUNCTIONS = words("""
    list dict set tuple frozenset sorted enumerate zip reversed chain product permutations combinations defaultdict
    OrderedDict deque SimpleNamespace Namespace asdict vars
""")

_VIEWING_FUNCTIONS = words("min max getattr iter asarray as_tensor from_numpy ascontiguousarray reduce tqdm trange cast")

_LOOKING_METHODS = words("""
    predict predict_proba predict_log_proba decision_function score score_samples transform inverse_transform
    kneighbors apply_along_axis evaluate get_params get_feature_names_out staged_predict leaf_indices head tail sample
    describe info memory_usage nunique unique value_counts corr cov mean median mode std var sem sum prod min max
    quantile skew kurt count cumsum cumprod cummax cummin diff pct_change rank abs round clip all any isna isnull
    notna notnull isin between duplicated equals dropna fillna ffill bfill interpolate drop drop_duplicates rename
    rename_axis reindex reset_index set_index sort_values sort_index astype convert_dtypes infer_objects assign merge
    join concat melt pivot pivot_table stack unstack explode groupby resample rolling expanding ewm agg aggregate
    nlargest nsmallest idxmax idxmin query eval where mask replace filter select_dtypes get_dummies cut qcut crosstab
    to_numpy to_dict to_list tolist to_csv to_parquet to_json to_excel to_string to_markdown to_html to_latex
    to_pickle to_feather to_sql to_datetime to_numeric to_timedelta to_period to_timestamp to_frame to_pandas
    to_polars to_arrow to_records items_as_text tz_localize tz_convert shift add_prefix add_suffix combine_first
    compare date_range read_csv read_parquet read_json read_excel read_sql read_feather read_pickle read_table select
    with_columns with_row_index filter collect lazy group_by sort_by unnest partition_by drop_nulls fill_null fill_nan
    alias over is_null is_not_null is_in cast lit col n_unique null_count slice limit gather_every explain
    collect_schema argmax argmin argsort nonzero dot matmul cross outer inner kron trace det inv solve lstsq norm eig
    eigh linspace arange zeros ones full eye identity empty zeros_like ones_like full_like concatenate vstack hstack
    column_stack stack_arrays tile bincount histogram searchsorted percentile nanmean nanstd nanmedian nansum nanmax
    nanmin isclose allclose array_equal log log1p log2 log10 exp expm1 sqrt square sin cos tan tanh power maximum
    minimum floor ceil sign isnan isfinite isinf where_values average array meshgrid triu tril randint randn rand
    normal uniform choice integers random permutation item numel dim size element_size is_cuda softmax sigmoid relu
    one_hot mse_loss cross_entropy binary_cross_entropy nll_loss l1_loss smooth_l1_loss cosine_similarity sum_to_size
    state_dict_keys split rsplit splitlines strip lstrip rstrip lower upper title capitalize casefold startswith
    endswith find rfind index encode decode format zfill ljust rjust center partition rpartition isdigit isalpha
    isalnum isnumeric isspace islower isupper removeprefix removesuffix translate expandtabs swapcase hex union
    intersection difference symmetric_difference issubset issuperset isdisjoint keys fromkeys most_common total exists
    is_file is_dir glob rglob iterdir read_text read_bytes stat resolve absolute with_suffix with_name relative_to
    as_posix joinpath isfile isdir basename dirname getsize listdir cwd home getcwd environ_get total_seconds strftime
    isoformat strptime now today timestamp date weekday loads dumps dump save savefig savez savez_compressed savetxt
    save_model loadtxt genfromtxt fromfile search match fullmatch findall finditer sub compile escape getLogger debug
    info warning error critical exception sleep time perf_counter monotonic ctime urandom uuid4 getpid getenv
    cpu_count is_available device_count contains islice accumulate repeat count_nonzero train_test_split make_pipeline
""") - words("random_ cast_")

_COPYING_METHODS = words("copy")

_VIEWING_METHODS = words("""
    get items values parameters named_parameters children modules buffers state_dict reshape ravel view squeeze
    transpose swapaxes get_group itertuples iterrows iteritems get_booster numpy detach cpu contiguous unsqueeze
    flatten asarray as_tensor from_numpy ascontiguousarray tensor_split array_split expand permute named_steps xs
    atleast_1d atleast_2d get_column to_series iter_rows iter_slices __getitem__
""")

_TRAINING_METHODS = words("""
    fit partial_fit fit_transform fit_predict set_params set_output set_config warm_start fit_resample tune plot hist
    bar barh scatter imshow boxplot violinplot pie step_plot stem errorbar fill_between contour contourf pcolormesh
    axhline axvline text annotate legend title suptitle xlabel ylabel xlim ylim xticks yticks grid colorbar
    tight_layout show subplots subplot figure set_title set_xlabel set_ylabel set_xlim set_ylim set_xticks set_yticks
    set_xticklabels set_yticklabels add_subplot add_axes add_patch twinx twiny invert_yaxis set_aspect tick_params
    subplots_adjust matshow semilogx semilogy loglog hexbin step fill axis close clf cla draw from_estimator
    from_predictions histplot kdeplot boxenplot stripplot swarmplot countplot barplot pointplot catplot displot
    relplot lineplot scatterplot regplot lmplot heatmap clustermap pairplot jointplot rugplot ecdfplot residplot write
    writelines writerow writerows flush read readline readlines seek seed manual_seed
""")

_STORING_METHODS = words("append extend insert add update setdefault appendleft extendleft push put put_nowait move_to_end")

# Methods that take a function and run it on parts of the receiver: the receiver stays, the function is called.
HIGHER_ORDER = words("apply map applymap transform agg aggregate map_elements map_rows map_batches pipe filter reduce")

# Names under which people import modules: calling a function of a module does not change it.
MODULE_NAMES = words("""
    np pd pl plt sns torch nn tf keras sklearn sk xgb lgb cb sm smf sp scipy jax jnp px go alt os sys re json math
    random time datetime pickle joblib itertools functools collections operator copy warnings logging glob shutil
    subprocess pathlib string duckdb pa pq metrics preprocessing model_selection ensemble linear_model datasets stats
    optim torchvision transformers numpy pandas polars matplotlib seaborn mpl F T nltk spacy cv2 gc tqdm optuna shap
    mlflow wandb
""")

# A part of the frame itself, not one of its items: `copy.loc[0] = 1` writes to the copy.
ACCESSORS = words("loc iloc at iat values flat T data iloc str dt cat real imag")

_MEASURES = re.compile(r"(?i)(?:^|_)(?:score|error|loss|auc|deviance|corrcoef|kappa|ratio)$")
_CONSTRUCTOR = re.compile(r"_*[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9_]*|[A-Z]{2,}[A-Za-z]*")

_FUNCTIONS = (
    dict.fromkeys(_VIEWING_FUNCTIONS, Manners.VIEWS)
    | dict.fromkeys(_GATHERING_FUNCTIONS, Manners.GATHERS)
    | dict.fromkeys(_LOOKING_FUNCTIONS, Manners.LOOKS)
)
_METHODS = (
    dict.fromkeys(_LOOKING_METHODS, Manners.LOOKS)
    | dict.fromkeys(_VIEWING_METHODS, Manners.VIEWS)
    | dict.fromkeys(_COPYING_METHODS, Manners.COPIES)
    | dict.fromkeys(_TRAINING_METHODS, Manners.TRAINS)
    | dict.fromkeys(_STORING_METHODS, Manners.STORES)
)


def manners_of_function(name: str) -> Manners:
    """Return how a function of this bare name behaves."""
    found = _FUNCTIONS.get(name)
    if found is not None:
        return found
    return Manners.LOOKS if _MEASURES.search(name) else Manners.UNKNOWN


def manners_of_method(name: str) -> Manners:
    """Return how a method, or a function of a module, of this name behaves."""
    found = _METHODS.get(name)
    return found if found is not None else manners_of_function(name)


def is_constructor(name: str) -> bool:
    """True for a name that reads as a class: constructors keep their arguments and do not change them."""
    return _CONSTRUCTOR.fullmatch(name) is not None
