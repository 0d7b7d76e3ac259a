using FlowEngine.Database.Connectors;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Database;

/// <summary>What decides the outcome of a query that succeeds.</summary>
public enum DatabaseOutcomes
{
    /// <summary>Nothing: it is always <c>Success</c>.</summary>
    [SettingOption("\"success\"", "Success", "By Success, whatever it gives.")]
    Success,

    /// <summary>How many rows it gives, those beyond <see cref="DatabaseSettings.MaxRows"/> counted.</summary>
    [SettingOption("\"rows\"", "By rows", "By No Row, One Row or Many Rows; rows beyond maxRows count.")]
    Rows,
}

/// <summary>Bound once, then read only: the settings of Database (SPEC 8).</summary>
public sealed class DatabaseSettings
{
    /// <summary>The seconds that connecting and querying may take, when the flow does not say.</summary>
    public const int DefaultTimeout = 5;

    /// <summary>The rows that are read at most, when the flow does not say.</summary>
    public const int DefaultMaxRows = 100;

    /// <summary>The connector's id.</summary>
    [Setting(
        "The connector of the database that is asked.",
        Required = true,
        Editor = SettingEditors.Connector + SqlConnector.TypeName,
        Section = "Query",
        Order = -2
    )]
    public string Connector { get; set; } = "";

    /// <summary>Where the result is put.</summary>
    [Setting(
        "Where the result is put: connectors.<contextKey>. Default the activity's id.",
        Editor = SettingEditors.ContextKey,
        Section = "Query"
    )]
    public string ContextKey { get; set; } = "";

    /// <summary>Whether the rows are secrets.</summary>
    [Setting("Whether the rows are secrets: redacted in traces, logs and errors, whatever becomes of them. Their number is shown.")]
    public bool Sensitive { get; set; }

    /// <summary>The SQL; empty (the default) where <see cref="Statements"/> stand in its place.</summary>
    [Setting(
        "The SQL. Each {{path}} becomes a bound parameter, typed from its value; write it without quotes.",
        Editor = SettingEditors.Sql,
        Initial = "\"\"",
        ExpressionsAt = SqlQuery.ParametersAt,
        Section = "Query",
        Order = -1
    )]
    public Template Query { get; set; } = Template.Empty;

    /// <summary>The statements of one transaction, in place of <see cref="Query"/>. Default none.</summary>
    [Setting(
        "In place of the query: statements that one transaction makes, all of them or none. Each may read what those before it gave, "
            + "as {{statements[0].first.id}}. They need readOnly: false.",
        Editor = SettingEditors.Sql,
        LocalRoots = ["statements"],
        ExpressionsAt = SqlQuery.ParametersAt,
        MaxItems = SqlTransaction.MaxStatements,
        Section = "Query",
        Order = -1
    )]
    public IReadOnlyList<Template> Statements { get; set; } = [];

    /// <summary>Which outcomes there are. Default <see cref="DatabaseOutcomes.Success"/>.</summary>
    [Setting("Which way it leaves when the database has answered; of several statements the last one's rows count.", Section = "Query")]
    [AddsOutcomes(OutcomeSource.Instead, "rows", Instead = [RowOutcomes.None, RowOutcomes.One, RowOutcomes.Many])]
    public DatabaseOutcomes Outcomes { get; set; }

    /// <summary>How long connecting and querying may take, in seconds. Default 5.</summary>
    [Setting(
        "How long connecting and querying may take together.",
        Minimum = 1,
        Maximum = 60,
        Unit = "seconds",
        Section = "Limits",
        Folded = true
    )]
    public int Timeout { get; set; } = DefaultTimeout;

    /// <summary>How many rows are read at most. Default 100.</summary>
    [Setting(
        "How many rows are read at most; 'truncated' says whether there were more.",
        Minimum = 1,
        Maximum = 10_000,
        Unit = "rows",
        Section = "Limits",
        Folded = true
    )]
    public int MaxRows { get; set; } = DefaultMaxRows;

    /// <summary>Whether the query runs in a read-only transaction, where a writing statement fails. Default true.</summary>
    [Setting("Whether the query runs in a read-only transaction, where a writing statement fails.", Section = "Limits", Folded = true)]
    public bool ReadOnly { get; set; } = true;
}
