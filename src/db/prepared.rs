//! Updates written out. Diesel has each of its own updates prepared anew, because which columns it sets may differ from call
//! to call; on PostgreSQL that is one round trip more, each time. The few that every login and every renewal makes are
//! written out instead, and then prepared once per connection like everything else.

/// Defines a statement as `"sql" field: RustType as SqlType, …`: its text, with a value behind each piece of it. With
/// `; "sql" => SqlType` at the end it closes with that text and answers rows of that type.
macro_rules! prepared {
    (
        $(#[$doc:meta])*
        $name:ident { $($text:literal $field:ident: $rust:ty as $sql:ty),+ $(,)? $(; $tail:literal => $row:ty)? }
    ) => {
        $(#[$doc])*
        struct $name<'a> {
            $($field: &'a $rust),+
        }

        impl diesel::query_builder::QueryFragment<<$crate::db::Conn as diesel::Connection>::Backend> for $name<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, <$crate::db::Conn as diesel::Connection>::Backend>,
            ) -> diesel::QueryResult<()> {
                $(
                    out.push_sql($text);
                    out.push_bind_param::<$sql, $rust>(self.$field)?;
                )+
                $(out.push_sql($tail);)?
                Ok(())
            }
        }

        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::RunQueryDsl<$crate::db::Conn> for $name<'_> {}

        $(
            impl diesel::query_builder::Query for $name<'_> {
                type SqlType = $row;
            }
        )?
    };
}

pub(crate) use prepared;
