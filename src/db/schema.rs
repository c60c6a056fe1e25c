//! The tables, as Diesel sees them. A test holds this equal to what the migrations make on both databases.

#![expect(missing_docs, reason = "each table and column is explained in its migration")]

diesel::table! {
    installation (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        seq -> BigInt,
        name -> Nullable<Text>,
        name_chosen -> Bool,
        picture -> Nullable<Text>,
        role -> Text,
        standing -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        last_login_at -> Nullable<Timestamp>,
        standing_reason -> Nullable<Text>,
        facets -> BigInt,
        erase_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    identities (id) {
        id -> Text,
        user_id -> Text,
        provider -> Text,
        subject -> Text,
        nickname -> Nullable<Text>,
        picture -> Nullable<Text>,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        email_verified -> Bool,
        linked_at -> Timestamp,
        last_login_at -> Timestamp,
        unlinked_at -> Nullable<Timestamp>,
        tokens_sealed -> Nullable<Text>,
        vanished_at -> Nullable<Timestamp>,
        tokens_until -> Nullable<Timestamp>,
        granted -> Nullable<Text>,
        granted_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        identity_id -> Text,
        provider -> Text,
        attempt_id -> Nullable<Text>,
        counter -> BigInt,
        advanced_at -> Timestamp,
        expires_at -> Timestamp,
        ends_at -> Timestamp,
        auth_time -> Timestamp,
        user_agent -> Text,
        address -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        algorithm -> Text,
        public_jwk -> Text,
        private_sealed -> Text,
        state -> Text,
        created_at -> Timestamp,
        activated_at -> Nullable<Timestamp>,
        retired_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    claims (attempt_id) {
        attempt_id -> Text,
        outcome -> Text,
        claimed_at -> Timestamp,
        user_id -> Nullable<Text>,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Text,
        happened_at -> Timestamp,
        action -> Text,
        actor -> Text,
        user_id -> Nullable<Text>,
        details -> Text,
        request_id -> Text,
        address -> Text,
    }
}

diesel::table! {
    notices (id) {
        id -> Text,
        user_id -> Text,
        noticed_at -> Timestamp,
    }
}

diesel::table! {
    used_proofs (digest) {
        digest -> Text,
        usable_until -> Timestamp,
    }
}

diesel::table! {
    daily_counts (day, kind, provider, reason) {
        day -> Text,
        kind -> Text,
        provider -> Text,
        reason -> Text,
        number -> BigInt,
    }
}

diesel::table! {
    daily_notices (day, provider, refusal) {
        day -> Text,
        provider -> Text,
        refusal -> Text,
        number -> BigInt,
        last_at -> Timestamp,
    }
}

diesel::table! {
    active_devices (process) {
        process -> Text,
        devices -> BigInt,
        noted_at -> Timestamp,
    }
}

diesel::table! {
    user_facets (facets, slot) {
        facets -> BigInt,
        slot -> BigInt,
        users -> BigInt,
    }
}

diesel::table! {
    search_recent (term, seq) {
        term -> BigInt,
        seq -> BigInt,
    }
}

diesel::table! {
    search_stretches (stretch) {
        stretch -> BigInt,
        people -> BigInt,
        first_seq -> BigInt,
        last_seq -> BigInt,
    }
}

diesel::table! {
    search_places (stretch, block) {
        stretch -> BigInt,
        block -> BigInt,
        first_seq -> BigInt,
        seqs -> Binary,
    }
}

diesel::table! {
    search_postings (shelf, term, stretch) {
        shelf -> BigInt,
        term -> BigInt,
        stretch -> BigInt,
        places -> Binary,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        kind -> Text,
        topic -> Text,
        user_id -> Text,
        payload -> Nullable<Text>,
        state -> Text,
        tries -> BigInt,
        due_at -> Timestamp,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        last_failure -> Nullable<Text>,
        created_at -> Timestamp,
        give_up_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    heard_notices (digest) {
        digest -> Text,
        heard_at -> Timestamp,
    }
}

diesel::table! {
    recent_events (id) {
        id -> Text,
        whom -> Text,
        heard_at -> Timestamp,
    }
}

diesel::table! {
    reconciliations (provider) {
        provider -> Text,
        run -> BigInt,
        began_at -> Timestamp,
        purpose -> Text,
        state -> Text,
        night -> Nullable<Text>,
        next_from -> Nullable<BigInt>,
        last_listed -> Nullable<BigInt>,
        listed -> BigInt,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    listed_subjects (run, subject) {
        run -> BigInt,
        subject -> Text,
    }
}

diesel::joinable!(identities -> users (user_id));
diesel::joinable!(sessions -> identities (identity_id));
diesel::joinable!(sessions -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    heard_notices,
    recent_events,
    installation,
    users,
    identities,
    sessions,
    signing_keys,
    claims,
    audit_events,
    daily_counts,
    active_devices,
    notices,
    used_proofs,
    user_facets,
    search_recent,
    search_stretches,
    search_places,
    search_postings,
    outbox,
    reconciliations,
    listed_subjects
);
