using FlowEngine.Errors;

namespace FlowEngine.Database;

/// <summary>Shared and immutable: the codes of the Database connector.</summary>
public static class DatabaseErrors
{
    // Runs: the codes of the error event "Connector Execution".

    /// <summary>No usable connection.</summary>
    public static readonly ErrorCode Connect = new(
        "db.connect",
        "The database cannot be reached, refuses the connector's login, or closed the connection.",
        "Check that it runs, and the connector's host, port, database, user "
            + "name, password and encryption; for SQLite, that the file exists."
    );

    /// <summary>Switched off.</summary>
    public static readonly ErrorCode Disabled = new(
        "db.disabled",
        "The connector is switched off; nothing was asked.",
        "Switch it on: its setting is disabled."
    );

    /// <summary>Too slow.</summary>
    public static readonly ErrorCode Timeout = new(
        "db.timeout",
        "Connecting and querying took longer than the activity's timeout.",
        "Look for a missing index, a lock or a full pool; or raise the timeout or maxPoolSize."
    );

    /// <summary>No thread for it.</summary>
    public static readonly ErrorCode Busy = new(
        "db.busy",
        "Too many queries of SQLite files wait already; the query was not begun.",
        "Look for slow queries of the file: a missing index, a lock. People whom many look up at once belong into a database with a server."
    );

    /// <summary>The database refused the query.</summary>
    public static readonly ErrorCode Query = new(
        "db.query",
        "The database refused the query; the message holds its own code.",
        "Correct the query or the values it is given."
    );

    /// <summary>The connection ended between the commit and its answer.</summary>
    public static readonly ErrorCode OutcomeUnknown = new(
        "db.outcome_unknown",
        "The commit was sent and its answer never came: whether it wrote is unknown. It is not sent again.",
        "Look in the database before it is tried again, by a key of the flow's own that the statements write, such as flow.runId."
    );

    /// <summary>More than a result may hold.</summary>
    public static readonly ErrorCode TooLarge = new(
        "db.too_large",
        "The result, or a value of it, is larger than it may be.",
        "Select fewer columns or rows, or parts of long values: a result holds 5,242,880 characters, a value of SQLite 1,000,000 bytes."
    );

    /// <summary>A read-only query wrote.</summary>
    public static readonly ErrorCode ReadOnly = new(
        "db.read_only",
        "A read-only query tried to write; nothing was written.",
        "Set readOnly to false when the query is meant to write."
    );

    /// <summary>The egress guard refused the address.</summary>
    public static readonly ErrorCode Blocked = new(
        "db.blocked",
        "The egress guard refuses the database's address.",
        "The operator lists it in Egress:Databases, or sets Egress:AllowPrivateNetworks, on the command line "
            + "by --set Egress:AllowPrivateNetworks=true; link-local and metadata addresses are always refused."
    );

    /// <summary>The connector leads to what the server itself stores in.</summary>
    public static readonly ErrorCode OwnDatabase = new(
        "db.own_database",
        "The connector leads to the server's own database, which no flow may reach.",
        "Give the people a database of their own, with a role of its own."
    );

    /// <summary>The connector's file lies where it may not.</summary>
    public static readonly ErrorCode File = new(
        "db.file",
        "The connector's SQLite file lies where connectors may not read.",
        "Put it below a folder of Connectors:SqliteFolders; never into the server's data folder, not even by a link."
    );

    // Compilation.

    /// <summary>A template inside quotes or a comment.</summary>
    public static readonly ErrorCode QuotedTemplate = new(
        "db.quoted_template",
        "A template stands inside quotes or a comment of the query, where it cannot be a parameter.",
        "Drop the quotes: write {{path}}, not '{{path}}'."
    );

    /// <summary>A template where no parameter can stand, or a parameter written by hand.</summary>
    public static readonly ErrorCode Parameter = new(
        "db.parameter",
        "A template of the query touches other text, or the query has a parameter written by hand.",
        "Let each {{path}} stand alone as one value, and write no parameters by hand."
    );

    /// <summary>More than one statement.</summary>
    public static readonly ErrorCode Statements = new(
        "db.statements",
        "The query has several statements where only one may stand.",
        "Use one statement: a join, or a common table expression."
    );

    /// <summary>A statement that may not stand in a transaction.</summary>
    public static readonly ErrorCode Transaction = new(
        "db.transaction",
        "A statement would end the transaction that it stands in, commits by itself, or is none that may stand there.",
        "Write statements that read and write; the engine itself begins and ends the transaction. What commits by itself is a query of its own."
    );

    /// <summary>Outcomes by rows of a query that gives none.</summary>
    public static readonly ErrorCode NoRows = new(
        "db.no_rows",
        "A query whose outcome is decided by its rows gives none, whatever it does.",
        "Let it give rows, by \"returning\" (\"output\" on SQL Server); or remove \"outcomes\", and branch by affectedRows."
    );

    /// <summary>The codes of the error event "Connector Execution".</summary>
    internal static IReadOnlyList<ErrorCode> OfRuns =>
        [Connect, Timeout, Busy, Query, OutcomeUnknown, TooLarge, ReadOnly, Blocked, OwnDatabase, File];

    /// <summary>Every code of this catalogue.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(DatabaseErrors));
}
