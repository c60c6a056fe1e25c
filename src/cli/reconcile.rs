//! `provider reconcile`: the nightly comparison, now.

use std::sync::Arc;

use serde_json::json;

use super::args::ReconcileArgs;
use super::failure::Failure;
use super::speak::progress;
use super::speak::say;
use crate::audit::Actor;
use crate::clock::Clock;
use crate::config;
use crate::config::Source;
use crate::db::Db;
use crate::db::SchemaState;
use crate::db::schema_state;
use crate::providers::Provider;
use crate::providers::Registry;
use crate::reconcile::Outcome;
use crate::reconcile::Progress;
use crate::reconcile::Reconciler;
use crate::reconcile::Report;
use crate::reconcile::Stopped;
use crate::reconcile::Wish;

/// Runs it.
pub(super) async fn run(source: &Source, args: &ReconcileArgs) -> Result<(), Failure> {
    let config = config::load(source)?;
    let registry = Registry::new(&config, Clock::system()).map_err(|cause| Failure::Refused(cause.to_string()))?;
    has_list(&args.name, registry.find(&args.name))?;
    let db = Db::open(&config.database)?;
    if db.read(schema_state).await? != SchemaState::Current {
        return Err(Failure::Refused("the database is not at this version; run `fiiiiilm migrate`".into()));
    }
    let reconciler = Reconciler::new(config.reconcile, db, Arc::new(registry), Clock::system());
    let wish = if args.dry_run { Wish::DryRun } else { Wish::Command };
    let bar = progress(None, "people");
    let shown = |at: Progress| match at {
        Progress::Listed(number) => {
            bar.set_message("listed");
            bar.set_position(number);
        }
        Progress::Compared(number) => {
            bar.set_message("compared");
            bar.set_position(number);
        }
    };
    let outcome = reconciler.run(&args.name, wish, Actor::Cli, &shown).await;
    bar.finish_and_clear();
    match outcome.map_err(stopped)? {
        Outcome::Ended(report) => tell(args, &report, config.reconcile.grace_days),
        Outcome::Busy => Err(Failure::Refused(
            "another process is comparing right now; if it died, its claim ends within two minutes".into(),
        )),
        Outcome::NotNow => Err(Failure::Refused(format!("{} has no list", args.name))),
    }
}

fn has_list(name: &str, provider: Option<&Provider>) -> Result<(), Failure> {
    match provider {
        Some(provider) if provider.lists() => Ok(()),
        Some(_) if name == "kakao" => Err(Failure::Refused(
            "providers.kakao.admin_key is not set, and Kakao tells nobody else who is linked".into(),
        )),
        Some(_) => Err(Failure::Refused(format!("{name} tells nobody who is linked; Kakao does"))),
        None => Err(Failure::Refused(format!("no provider `{name}` is configured"))),
    }
}

fn stopped(stopped: Stopped) -> Failure {
    match stopped {
        Stopped::Database(error) => error.into(),
        other => Failure::Refused(format!("{other}. Nothing is lost: the same command goes on where this one stopped")),
    }
}

fn tell(args: &ReconcileArgs, report: &Report, days: u32) -> Result<(), Failure> {
    if args.json {
        say(&as_json(args, report).to_string());
    }
    if let Some(refusal) = &report.refused {
        return Err(Failure::Refused(format!("nothing was changed: {refusal}")));
    }
    if !args.json {
        for line in lines(args.dry_run, report, days) {
            say(&line);
        }
    }
    Ok(())
}

fn as_json(args: &ReconcileArgs, report: &Report) -> serde_json::Value {
    let people: Vec<&str> = report.people.iter().map(crate::db::UserId::as_str).collect();
    json!({
        "provider": args.name,
        "dry_run": args.dry_run,
        "refused": report.refused.as_ref().map(crate::reconcile::Refusal::code),
        "listed": report.figures.listed,
        "linked": report.figures.linked,
        "missing": report.figures.missing,
        "still_linked": report.still_linked,
        "closed": report.closed,
        "marked": report.marked,
        "returned": report.returned,
        "people": people,
    })
}

fn lines(dry: bool, report: &Report, days: u32) -> Vec<String> {
    let figures = report.figures;
    let mut lines = vec![
        format!("{} people are listed, {} are linked here.", figures.listed, figures.linked),
        format!(
            "{} are missing; asked by name, {} of them are linked after all.",
            figures.missing, report.still_linked
        ),
    ];
    if dry {
        lines.extend(report.people.iter().map(|user| format!("would be closed, or lose this account: {user}")));
        lines.push(format!("{} would be back. Nothing was changed.", report.returned));
    } else {
        lines.push(format!(
            "{} are closed and erased in {days} days unless they log in; {} lose this account then, and nothing else.",
            report.closed, report.marked
        ));
        lines.push(format!("{} were missing before and are back.", report.returned));
    }
    lines
}
