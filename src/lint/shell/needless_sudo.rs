use crate::diagnostic::codes::shell::NEEDLESS_SUDO;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `sudo` in a container: most images do not have it, and their user is root already.
pub(super) const RULE: Rule = Rule::written(NEEDLESS_SUDO, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts() {
        for command in text.commands().iter().filter(|command| command.name() == Some("sudo")) {
            let word = &command.words[0];
            let place = text.place(written.files, word.span.clone());
            let told = Diagnostic::new(NEEDLESS_SUDO, "`sudo` in a container, where `user` says who runs")
                .label(place, "rarely in an image")
                .help("take `sudo` away, and write `user root` where the image has another user");
            let follows = command.words.get(1).filter(|next| !next.known().starts_with('-'));
            diagnostics.push(match follows {
                Some(next) => {
                    let with_blank = text.place(written.files, word.span.start..next.span.start);
                    told.suggestion("take `sudo` away", with_blank, "")
                }
                None => told,
            });
        }
    }
}
