//! `sockeye deps`, and what a run says of a script that wants what is not here.

use std::fs;

use crate::harness::Folder;

fn folder() -> Folder {
    let folder = Folder::new();
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("written");
    };
    write(
        "main.js",
        "// first\n'use k6 > 1.2.0';\nimport exec from 'k6/execution';\nimport faker from 'k6/x/faker';\n\
         import { help } from './lib/helper.ts';\nexport default () => nowhere;\n",
    );
    fs::create_dir(folder.path().join("lib")).expect("a folder");
    write(
        "lib/helper.ts",
        "\"use k6 with k6/x/sql ^1.0\"\nimport type { T } from './types';\nimport '../main.js';\n\
         import http from 'k6/http';\nexport const help: number = 1;\n",
    );
    write("plain.js", "export default () => {};\n");
    write("newer.js", "'use k6 >= 9';\nexport default () => {};\n");
    write("wants.js", "\n'use k6 with k6/x/faker';\nexport default () => {};\n");
    folder
}

#[test]
fn what_a_script_depends_on_is_told() {
    let folder = folder();
    insta::assert_snapshot!(folder.run("deps main.js").snapshot(), @r"
    exit: 0
    --- stdout
    Build Dependencies:
      k6: > 1.2.0
      k6/x/faker: *
      k6/x/sql: ^1.0

    Imports:
      file://[folder]/lib/helper.ts
      file://[folder]/main.js
      k6/execution
      k6/http
      k6/x/faker

    Custom Build Required: yes
    --- stderr
    ");
    insta::assert_snapshot!(folder.run("deps plain.js").snapshot(), @r"
    exit: 0
    --- stdout
    Build Dependencies:
      (none)

    Imports:
      file://[folder]/plain.js

    Custom Build Required: no
    --- stderr
    ");
}

#[test]
fn the_manifest_says_which_versions() {
    let folder = folder();
    let mut command = folder.command("deps --json main.js");
    let manifest = r#"{"k6": "v1", "k6/x/faker": ">=v0.4.4", "k6/x/other": "v1"}"#;
    let output = command.env("K6_DEPENDENCY_MANIFEST", manifest).output().unwrap();
    insta::assert_snapshot!(folder.finish(&output).snapshot(), @r#"
    exit: 0
    --- stdout
    {
      "buildDependencies": {
        "k6": "> 1.2.0",
        "k6/x/faker": ">=v0.4.4",
        "k6/x/sql": "^1.0"
      },
      "imports": [
        "file://[folder]/lib/helper.ts",
        "file://[folder]/main.js",
        "k6/execution",
        "k6/http",
        "k6/x/faker"
      ],
      "customBuildRequired": true
    }
    --- stderr
    "#);
    let mut command = folder.command("deps main.js");
    let output = command.env("K6_DEPENDENCY_MANIFEST", "k6").output().unwrap();
    let finished = folder.finish(&output);
    assert_eq!(finished.code, Some(104));
    assert!(finished.stderr.contains("variable `K6_DEPENDENCY_MANIFEST`: expected"));
}

#[test]
fn archives_have_dependencies_too() {
    let folder = folder();
    assert_eq!(folder.run("archive plain.js").code, Some(0));
    let of_archive = folder.run("deps archive.tar");
    assert_eq!((of_archive.code, of_archive.stderr.as_str()), (Some(0), ""));
    assert!(of_archive.stdout.contains("/plain.js\n"), "{}", of_archive.stdout);
}

#[test]
fn what_can_not_be_met_ends_a_run() {
    let folder = folder();
    insta::assert_snapshot!(folder.run("run newer.js").snapshot(), @r#"
    exit: 107
    --- stdout
    --- stderr
    time="[time]" level=error msg="the script wants k6 `>= 9`, and sockeye does what k6 2.2.0 does\n\tat file://[folder]/newer.js:1:1" hint="script exception"
    "#);
    insta::assert_snapshot!(folder.run("run wants.js").snapshot(), @r#"
    exit: 107
    --- stdout
    --- stderr
    time="[time]" level=error msg="the script wants the extension `k6/x/faker`: extensions of k6 are written in Go and can't be loaded\n\tat file://[folder]/wants.js:2:1" hint="script exception"
    "#);
}
