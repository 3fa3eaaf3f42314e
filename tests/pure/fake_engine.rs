//! The contract of `Engine` on the fake, in virtual time.

use std::sync::Arc;
use std::time::Duration;

use pipe::engine::fake::{Fake, Script};
use pipe::engine::{ContainerSpec, Engine, ErrorKind, Stream};

use crate::contract::laws;
use crate::contract::stage::{Act, Stage};

const IMAGE: &str = "busybox:1.35";

struct FakeStage {
    fake: Fake,
}

impl Stage for FakeStage {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(self.fake.clone())
    }

    fn image(&self) -> String {
        IMAGE.into()
    }

    fn word(&self) -> &str {
        "law"
    }

    fn cast(&self, spec: ContainerSpec, act: Act) -> ContainerSpec {
        let runs = || {
            let script = Script::runs().says("ready").stops_with(3);
            script.answers("exit 7", [(7, "seven\n")]).answers("no-such-program", [(127, "")])
        };
        let script = match act {
            Act::Ends(code) => Script::exits(code),
            Act::Writes(pieces) => pieces
                .into_iter()
                .fold(Script::exits(0), |script, (stream, data)| script.writes(Duration::ZERO, stream, data)),
            Act::Floods(lines) => (0..lines / 1000).fold(Script::exits(0), |script, _| {
                script.writes(Duration::ZERO, Stream::Stdout, "0123456789\n".repeat(1000))
            }),
            Act::Runs => runs(),
            Act::RunsSlowly => runs().exec_takes(Duration::from_secs(30)),
            Act::Stubborn => runs().ignores_stop(),
            Act::Leaves(path, data) => Script::exits(0).file(path, data),
            Act::CannotStart => Script::exits(0).cannot_start(ErrorKind::CannotStart, "executable file not found"),
        };
        self.fake.on(&spec.name, script);
        spec
    }
}

fn stage() -> FakeStage {
    let fake = Fake::new();
    fake.with_image(IMAGE);
    FakeStage { fake }
}

macro_rules! on_the_fake {
    ($module:ident::$law:ident) => {
        #[tokio::test(start_paused = true)]
        async fn $law() {
            crate::contract::$module::$law(&stage()).await;
        }
    };
}

laws!(on_the_fake);
