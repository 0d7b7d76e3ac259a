using System.Collections.Frozen;
using FlowEngine.Database.Queries;

namespace FlowEngine.Database.Engines.Postgres;

/// <summary>Stateless: tells whether a query calls nothing but functions of PostgreSQL that leave a session as it was.</summary>
internal static class PostgresFunctions
{
    /// <summary>Words that stand before a parenthesis, and common functions of
    /// <c>pg_catalog</c>, which is searched before all other schemas.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Harmless = FrozenSet
        .Create(
            StringComparer.OrdinalIgnoreCase,
            [
                .. (
                    "all and any array as between by case cast distinct else except exists filter from group having ilike "
                    + "in intersect is join lateral like limit materialized not offset on or over partition recursive "
                    + "returning row select set similar some then union unique using values when where window with within"
                ).Split(' '),
                .. (
                    "bigint bit bool boolean char character date decimal float int integer interval json "
                    + "jsonb numeric real smallint text time timestamp timestamptz timetz uuid varchar varying"
                ).Split(' '),
                .. (
                    "abs age array_agg array_append array_length array_position array_remove array_to_string "
                    + "avg bool_and bool_or btrim cardinality ceil ceiling char_length clock_timestamp coalesce "
                    + "concat concat_ws count cume_dist date_part date_trunc decode dense_rank encode every exp "
                    + "extract first_value floor format gen_random_uuid generate_series greatest initcap isfinite"
                ).Split(' '),
                .. (
                    "json_agg json_array_elements json_array_elements_text json_array_length json_build_array "
                    + "json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object_agg "
                    + "json_object_keys json_strip_nulls json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text "
                    + "jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path "
                    + "jsonb_extract_path_text jsonb_object_agg jsonb_object_keys jsonb_set jsonb_strip_nulls jsonb_typeof"
                ).Split(' '),
                .. (
                    "lag last_value lead least left length ln log lower lpad ltrim make_date make_interval make_timestamp "
                    + "make_timestamptz max md5 min mod mode now ntile nullif octet_length overlay percent_rank "
                    + "percentile_cont percentile_disc position power random rank regexp_match regexp_matches regexp_replace "
                    + "regexp_split_to_array repeat replace reverse right round row_number row_to_json rpad rtrim"
                ).Split(' '),
                .. (
                    "sha224 sha256 sha384 sha512 sign split_part sqrt starts_with stddev string_agg "
                    + "string_to_array strpos substr substring sum to_char to_date to_json to_jsonb "
                    + "to_number to_timestamp translate trim trunc unnest upper variance width_bucket"
                ).Split(' '),
            ]
        )
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a query may call a function that is not among them: one that somebody wrote, or one that takes a lock.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="tokens">Its tokens.</param>
    public static bool CallsOthers(ReadOnlySpan<char> sql, List<SqlToken> tokens)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != SqlTokenKind.Other || sql[tokens[i].Start] != '(')
                continue;
            var (kind, start, end) = tokens[i - 1];
            // A name of a schema or in quotes is somebody's own.
            var isName =
                kind == SqlTokenKind.Quoted
                || (kind == SqlTokenKind.Word && (!Harmless.Contains(sql[start..end]) || (i > 1 && sql[tokens[i - 2].Start] == '.')));
            if (isName)
                return true;
        }
        return false;
    }
}
