use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;

use indexmap::IndexMap;

use super::declared::Declared;
use super::instances::with_targets;
use super::matrix::MatrixScope;
use super::resolution::Part;
use super::template::Templates;
use crate::ast::{self, Language};
use crate::diagnostic::codes::graph::EMPTY_PIPELINE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Header, Inputs, Name, NameKind, Param, Pipeline, Reference};
use crate::source::{Files, Span, Spanned};

/// What the concepts' files share while a spec is resolved.
pub(super) struct Resolver<'a> {
    pub files: &'a Files,
    pub inputs: &'a Inputs<'a>,
    pub declared: Declared<'a>,
    /// The pipeline's name.
    pub name: Name,
    /// Services and stages with their templates merged in.
    pub templates: Templates,
    /// Params that have a value or a command.
    pub params: IndexMap<Name, Param>,
    pub references: Vec<Reference>,
    /// Dockerfiles that were looked at, by their places.
    pub dockerfiles: HashMap<PathBuf, Rc<super::dockerfile::Read>>,
    /// Services that the texts of the runnable at hand refer to.
    pub implied: Vec<Spanned<Name>>,
    /// What `{{matrix.…}}` names in the texts of the runnable at hand.
    pub matrix: MatrixScope,
    /// How many settings the instances so far have together.
    pub settings_of_instances: usize,
    /// Stages of which an `input` is taken.
    pub feeds: HashSet<Name>,
    pub diagnostics: Diagnostics,
    /// Whether nothing was left out, with or without a diagnostic of this room.
    pub complete: bool,
    /// What came of the runnables so far.
    pub parts: IndexMap<Name, Part>,
}

impl<'a> Resolver<'a> {
    /// One that has resolved nothing yet.
    pub fn new(
        spec: &'a ast::Spec,
        declared: Declared<'a>,
        templates: Templates,
        files: &'a Files,
        inputs: &'a Inputs<'a>,
    ) -> Self {
        let name = match spec.header.as_ref().and_then(|header| header.name.as_ref()) {
            Some(name) => Name::new(name.value.as_str()),
            None => Name::new(super::declared::sanitised(&inputs.directory)),
        };
        let feeds = spec.runnables.iter().flat_map(|runnable| match runnable {
            ast::Runnable::Stage(stage) => stage.inputs.as_slice(),
            ast::Runnable::Service(_) | ast::Runnable::Acceptance(_) => &[],
        });
        Resolver {
            name,
            files,
            inputs,
            declared,
            templates,
            params: IndexMap::new(),
            references: Vec::new(),
            dockerfiles: HashMap::new(),
            implied: Vec::new(),
            matrix: MatrixScope::Outside,
            settings_of_instances: 0,
            feeds: feeds.map(|input| Name::new(input.stage.value.as_str())).collect(),
            diagnostics: Diagnostics::new(),
            complete: true,
            parts: IndexMap::new(),
        }
    }

    /// What `spec` means, as far as it means something.
    pub fn pipeline(&mut self, spec: &'a ast::Spec) -> Pipeline {
        self.params();
        let secrets = self.secrets();
        let header = self.header(spec.header.as_ref());
        let images = self.images();
        let volumes = self.volumes();
        let networks = self.networks();
        self.unused_templates();
        let (runnables, instances) = self.runnables();
        self.annotated(&spec.annotated);
        Pipeline {
            header: with_targets(header, &instances),
            params: std::mem::take(&mut self.params),
            secrets,
            images,
            volumes,
            networks,
            runnables,
            instances,
            references: std::mem::take(&mut self.references),
        }
    }

    /// Tells of a pipeline of nothing.
    pub fn must_declare_something(&mut self, spec: &ast::Spec) {
        if spec.is_empty() {
            let start = Span::new(self.files.root().id(), 0, 0);
            let diagnostic = Diagnostic::new(EMPTY_PIPELINE, "the file declares nothing").label(start, "nothing here");
            self.report(
                diagnostic.help("declare a stage: `stage hello { image \"busybox:1.35\"; command echo hello; }`"),
            );
        }
    }

    fn header(&mut self, header: Option<&'a ast::Header>) -> Header {
        let Some(header) = header else {
            return Header {
                name: self.name.clone(),
                description: None,
                default: Vec::new(),
                parallel: None,
                timeout: None,
                concurrency: None,
                labels: IndexMap::new(),
                span: None,
            };
        };
        if let Some(wanted) = &header.min_version {
            self.version_is_enough(wanted);
        }
        let default = header.default.iter().filter_map(|target| self.refer(NameKind::Runnable, target)).collect();
        Header {
            name: self.name.clone(),
            description: header.description.as_ref().map(|text| text.value.clone()),
            default,
            parallel: header.parallel,
            timeout: header.timeout,
            concurrency: header.concurrency.as_ref().map(super::resource::declared_name),
            labels: self.key_values(&header.labels, super::text::Site::Build),
            span: Some(header.span),
        }
    }

    /// Holds texts to the language that their author says is in them, as far as this room knows it.
    fn annotated(&mut self, texts: &[ast::Annotated]) {
        for ast::Annotated { language, text } in texts {
            match language.value {
                Language::Json => self.must_be_json(text),
                Language::Regex => self.must_be_regex(text),
                Language::Sh | Language::Bash | Language::Python | Language::Sql => {}
            }
        }
    }

    /// A diagnostic of this room; errors keep the pipeline from being made.
    pub fn report(&mut self, diagnostic: crate::diagnostic::Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Something is missing of which another room has told.
    pub fn incomplete(&mut self) {
        self.complete = false;
    }

    /// Looks `name` up and notes its use; told of where it is not declared.
    pub fn refer(&mut self, kind: NameKind, name: &Spanned<String>) -> Option<Spanned<Name>> {
        if !self.declared.has(kind, &name.value) {
            let unknown = self.declared.unknown(kind, name);
            self.report(unknown);
            return None;
        }
        self.note_use(kind, &name.value, name.span);
        Some(Spanned::new(Name::new(name.value.as_str()), name.span))
    }

    /// Notes that a declared name is used at `span`.
    pub fn note_use(&mut self, kind: NameKind, name: &str, span: Span) {
        self.references.push(Reference { kind, name: Name::new(name), span });
    }
}
