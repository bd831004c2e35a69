//! Commands beside `run`: what they make, and that it runs.

use std::{fs, io::Write as _, process::Stdio};

use crate::harness::Folder;

fn with_script(text: &str) -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("lib")).expect("a file");
    fs::write(folder.path().join("a.js"), text).expect("a file");
    fs::write(folder.path().join("lib/h.js"), "export const help = () => 'help';").expect("a file");
    fs::write(folder.path().join("data.txt"), "data").expect("a file");
    folder
}

const SCRIPT: &str = "
    import { help } from './lib/h.js';
    const data = open('data.txt');
    export const options = { vus: 1, iterations: 1, tags: { from: __ENV.FROM || 'nobody' } };
    export default () => console.log(help(), data, __ENV.FROM, __ENV.HOME);
";

#[test]
fn an_archive_has_all_that_its_script_needs() {
    let folder = with_script(SCRIPT);
    assert_eq!(folder.run("archive a.js --iterations 2 -e FROM=me -O x.tar").stderr, "");
    for name in ["a.js", "lib/h.js", "data.txt"] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    let run = folder.run("run -q --log-format raw x.tar");
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (Some(0), "help data me undefined\n".repeat(2).as_str())
    );
    let over = folder.run("run -q --log-format raw --iterations 1 -e FROM=you x.tar");
    assert_eq!(over.stderr, "help data you undefined\n");

    let mut child =
        folder.command("run -q --log-format raw -").stdin(Stdio::piped()).spawn().unwrap();
    let bytes = fs::read(folder.path().join("x.tar")).unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let piped = folder.finish(&child.wait_with_output().unwrap());
    assert_eq!(piped.stderr, "help data me undefined\n".repeat(2));
    let shown: serde_json::Value =
        serde_json::from_str(&folder.run("inspect x.tar").stdout).unwrap();
    assert_eq!((&shown["iterations"], &shown["tags"]["from"]), (&2.into(), &"me".into()));
}

#[test]
fn an_archive_goes_where_it_is_told() {
    let folder = with_script(SCRIPT);
    let output =
        folder.command("archive a.js -O - --exclude-env-vars -e FROM=me").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("metadata.json") && text.contains("\"env\": null"), "{text}");
    insta::assert_snapshot!(folder.run("archive a.js -O no/such/x.tar").snapshot(), @r#"
    exit: 255
    --- stdout
    --- stderr
    time="[time]" level=error msg="failed to write the archive `no/such/x.tar`: No such file or directory (os error 2)"
    "#);
}

#[test]
fn what_is_no_archive_is_refused() {
    let folder = with_script("nonsense");
    insta::assert_snapshot!(folder.run("run --type archive a.js").snapshot(), @r#"
    exit: 255
    --- stdout
    --- stderr
    time="[time]" level=error msg="`a.js` is no archive that can run: not a tar file, or one that is cut off"
    "#);
    insta::assert_snapshot!(folder.run("run --type tar a.js").snapshot(), @r#"
    exit: 255
    --- stdout
    --- stderr
    time="[time]" level=error msg="unknown type of test `tar`"
      hint: use `js` or `archive`
    "#);
}

#[test]
fn inspect_shows_what_is_written_and_what_it_takes() {
    let folder = with_script(
        "export const options = { stages: [{ duration: '10s', target: 5 }], \
        thresholds: { checks: ['rate>0.5'] } }; export default () => {};",
    );
    let shown = folder.run("inspect a.js").stdout;
    assert!(
        shown.contains("\"rate\\u003e0.5\"") && shown.contains("\"scenarios\": null"),
        "{shown}"
    );
    let takes = folder.run("inspect --execution-requirements a.js").stdout;
    let takes: serde_json::Value = serde_json::from_str(&takes).unwrap();
    assert_eq!((&takes["totalDuration"], &takes["maxVUs"]), (&"40s".into(), &5.into()));
    assert_eq!(takes["scenarios"]["default"]["executor"], "ramping-vus");
    assert_eq!(folder.run("inspect none.js").code, Some(255));
}

#[test]
fn each_template_makes_a_script_that_runs() {
    let folder = Folder::new();
    for template in ["websocket", "minimal", "protocol"] {
        let made = folder.run(&format!("new {template}.js --template {template} --project-id 7"));
        let told = format!("New script created: {template}.js ({template} template).\n");
        assert_eq!((made.stdout, made.stderr), (told, String::new()));
        let line = format!("run -q --with-server --vus 1 --iterations 1 {template}.js");
        let run = folder.run(&line);
        assert_eq!(run.code, Some(0), "{template}: {}{}", run.stdout, run.stderr);
        let shown = folder.run(&format!("inspect {template}.js")).stdout;
        assert!(shown.contains("\"projectID\": 7"), "{shown}");
    }
}

#[test]
fn a_new_script_takes_no_other_ones_place() {
    let folder = Folder::new();
    assert_eq!(folder.run("new").code, Some(0));
    let again = folder.run("new");
    assert_eq!(again.code, Some(255));
    let message = "script.js already exists. Use the `--force` flag to overwrite it";
    assert!(again.stderr.contains(message), "{}", again.stderr);
    fs::write(folder.path().join("t.txt"), "// {{ .ScriptName }}").unwrap();
    assert_eq!(folder.run("new -f --template ./t.txt").code, Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("script.js")).unwrap(), "// script.js");
    insta::assert_snapshot!(folder.run("new x.js --template websockt").snapshot(), @r#"
    exit: 255
    --- stdout
    --- stderr
    time="[time]" level=error msg="there is no template `websockt`"
      hint: did you mean `websocket`?
    "#);
}

#[test]
fn every_shell_can_complete() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = folder.run(&format!("completion {shell}")).stdout;
        assert!(script.contains("min-iteration-duration"), "{shell}: {script}");
    }
    insta::assert_snapshot!(folder.run("completion tcsh").snapshot(), @r#"
    exit: 255
    --- stdout
    --- stderr
    time="[time]" level=error msg="`tcsh` is no value of `<SHELL>`"
      hint: use `bash` or `zsh` or `fish` or `powershell`
    "#);
}

#[cfg(unix)]
#[test]
fn a_run_that_lingers_stays_until_a_signal() {
    let folder = with_script("export default () => {};");
    let mut child = folder.command("run -q --linger --log-output stdout a.js").spawn().unwrap();
    // The first line that is no part of the summary.
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("--linger was enabled") {
        line.clear();
        assert_ne!(std::io::BufRead::read_line(&mut stdout, &mut line).unwrap(), 0);
    }
    assert!(child.try_wait().unwrap().is_none());
    crate::harness::signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
