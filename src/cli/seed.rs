//! `seed`: synthetic users.

use super::args::SeedArgs;
use super::failure::Failure;
use super::speak::become_busy;
use super::speak::progress;
use super::speak::say;
use super::user::zone;
use crate::clock::Clock;
use crate::config;
use crate::config::DatabaseUrl;
use crate::config::Source;
use crate::db;
use crate::db::SchemaState;
use crate::seed;

/// Runs it.
pub(super) async fn run(source: &Source, args: &SeedArgs) -> Result<(), Failure> {
    let config = config::load(source)?;
    let mut conn = db::open(&config.database.url)?;
    match db::schema_state(&mut conn)? {
        SchemaState::Current => {}
        SchemaState::Behind(_) if matches!(config.database.url, DatabaseUrl::Sqlite(_)) => {
            db::migrate(&mut conn)?;
        }
        SchemaState::Behind(_) => return Err(Failure::Refused("run `fiiiiilm migrate` first".into())),
        SchemaState::Ahead => {
            return Err(Failure::Refused("the database belongs to a newer version of fiiiiilm".into()));
        }
    }
    if !args.yes && seed::has_real_people(&mut conn)? {
        return Err(Failure::Refused(
            "this database has real users; synthetic ones would stand among them. Add --yes if that is what you want"
                .into(),
        ));
    }
    let plan = seed::Plan { users: args.users, seed: args.seed };
    let begun = std::time::Instant::now();
    let bar = progress(Some(args.users), "users");
    let report = seed::run(&mut conn, &plan, &zone(&config), Clock::system().now(), &mut |done| {
        bar.set_position(done);
        if done == args.users {
            become_busy(&bar, "everybody is in; indexes and statistics follow");
        }
    })?;
    bar.finish_and_clear();
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "shown with no digit that could be wrong")]
    let (per_second, megabytes) = (report.users as f64 / seconds, db::size(&mut conn)? as f64 / 1e6);
    say(&format!(
        "{} users, {} logins in {seconds:.1} s ({per_second:.0} users/s), {:.1} s of it for indexes; the database has \
         {megabytes:.0} MB.",
        report.users,
        report.logins,
        report.indexing.as_secs_f64(),
    ));
    Ok(())
}
