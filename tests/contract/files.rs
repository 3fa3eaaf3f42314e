use std::collections::BTreeMap;
use std::io::Read;

use bytes::Bytes;
use futures_util::TryStreamExt;
use pipe::engine::{Archive, ContainerId, ErrorKind};

use super::stage::{Act, Stage, assert_kind, soon};

/// The files of an archive by name.
async fn read(archive: Archive) -> BTreeMap<String, Vec<u8>> {
    let pieces: Vec<Bytes> = soon(archive.try_collect()).await.expect("an archive");
    let bytes = pieces.concat();
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(bytes.as_slice()).entries().expect("a tar") {
        let mut entry = entry.expect("an entry");
        if entry.header().entry_type().is_file() {
            let mut data = Vec::new();
            entry.read_to_end(&mut data).expect("data");
            files.insert(String::from_utf8_lossy(&entry.path_bytes()).into_owned(), data);
        }
    }
    files
}

pub async fn what_a_container_wrote_can_be_taken_out(stage: &dyn Stage) {
    let started = stage.start("writer", Act::Leaves("/out/deep/report.xml", b"<ok/>")).await;
    let id = started.id.clone();
    started.ended().await;
    let engine = stage.engine();
    let file = read(engine.copy_out(&id, "/out/deep/report.xml").await.expect("a file")).await;
    assert_eq!(file, BTreeMap::from([("report.xml".to_owned(), b"<ok/>".to_vec())]));
    let tree = read(engine.copy_out(&id, "/out").await.expect("a directory")).await;
    assert_eq!(tree, BTreeMap::from([("out/deep/report.xml".to_owned(), b"<ok/>".to_vec())]));
}

pub async fn what_is_put_in_comes_out_again(stage: &dyn Stage) {
    let data = vec![0xA5; 300_000];
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(data.len() as u64);
    header.set_mode(0o644);
    tar.append_data(&mut header, "blob.bin", data.as_slice()).expect("a tar");
    let tar = Bytes::from(tar.into_inner().expect("a tar"));
    let id = stage.create("mailbox", Act::Ends(0)).await;
    let poured = tar.clone();
    stage.engine().copy_in(&id, "/tmp", tar).await.expect("room");
    let files = read(stage.engine().copy_out(&id, "/tmp/blob.bin").await.expect("a file")).await;
    assert!(files["blob.bin"] == data, "another {} bytes", files["blob.bin"].len());
    let pieces: Vec<_> = poured.chunks(7_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stage.engine().pour_in(&id, "/", Box::pin(futures_util::stream::iter(pieces))).await.expect("room");
    let files = read(stage.engine().copy_out(&id, "/blob.bin").await.expect("a file")).await;
    assert!(files["blob.bin"] == data, "another {} bytes", files["blob.bin"].len());
}

pub async fn what_is_not_there_is_not_found(stage: &dyn Stage) {
    let id = stage.create("empty", Act::Ends(0)).await;
    assert_kind!(stage.engine().copy_out(&id, "/no/such/thing").await, ErrorKind::NotFound);
    let nobody = ContainerId("no-such-container".into());
    assert_kind!(stage.engine().copy_out(&nobody, "/").await, ErrorKind::NotFound);
    assert_kind!(stage.engine().copy_in(&nobody, "/", Bytes::new()).await, ErrorKind::NotFound);
    let nothing = Box::pin(futures_util::stream::empty());
    assert_kind!(stage.engine().pour_in(&nobody, "/", nothing).await, ErrorKind::NotFound);
}
