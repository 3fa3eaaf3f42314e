//! The labels on every object that pipe makes. Stable since 0.1; nothing without [`RUN`] is ever touched.

/// The run's id.
pub const RUN: &str = "dev.pipe.run";
/// The pipeline's name.
pub const PIPELINE: &str = "dev.pipe.pipeline";
/// The node: a runnable's, image's, volume's or network's name.
pub const NODE: &str = "dev.pipe.node";
/// What the node is: `service`, `stage`, `acceptance`, `image`, `network`, `volume`, or [`CACHE`].
pub const KIND: &str = "dev.pipe.kind";
/// The value of [`KIND`] on a volume that is kept from run to run; it has no [`RUN`] and no [`SPEC`].
pub const CACHE: &str = "cache";
/// A hash of the pipeline file's absolute path: two checkouts of one directory name do not meet.
pub const SPEC: &str = "dev.pipe.spec";
/// What all labels of ours begin with; nobody else's are taken.
pub const PREFIX: &str = "dev.pipe.";
/// Who made it, so that another pipe can tell whether the owner lives: `host:boot:pid:start:namespace`. A hash of the machine's id and
/// name, the id of its present run, the process, when that began in ticks of the clock, and the namespace that its number counts in.
pub const OWNER: &str = "dev.pipe.owner";
/// The SHA-256 of the file that an image was imported from.
pub const SOURCE: &str = "dev.pipe.source";
/// When the run began, in seconds since 1970.
pub const CREATED: &str = "dev.pipe.created";
/// Left running on purpose: [`UP`] or [`KEPT`].
pub const KEEP: &str = "dev.pipe.keep";
/// The value of [`KEEP`] on what `pipe up` leaves.
pub const UP: &str = "up";
/// The value of [`KEEP`] on what `--keep` leaves.
pub const KEPT: &str = "keep";
/// On a volume that a run made to have its turn: what of all runs on the engine only one may hold at a time.
pub const CONCURRENCY: &str = "dev.pipe.concurrency";
/// On the same volume: the place in the queue; none while the run draws one.
pub const TURN: &str = "dev.pipe.turn";
/// The value of [`KIND`] on such a volume.
pub const TURN_KIND: &str = "turn";
/// How long the container may take to end once it is asked to, in milliseconds; it is killed at once where there is none.
pub const GRACE: &str = "dev.pipe.grace";
/// The services that a service needs, by name, separated by commas: it is asked to end before they are.
pub const NEEDS: &str = "dev.pipe.needs";
/// Groups containers for other tools, as docker compose does; without compose's own hash, so that compose never touches ours.
pub const COMPOSE_PROJECT: &str = "com.docker.compose.project";
/// The node, for other tools.
pub const COMPOSE_SERVICE: &str = "com.docker.compose.service";
