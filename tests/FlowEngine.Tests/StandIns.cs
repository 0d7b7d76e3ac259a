using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Tests;

/// <summary>Activity and connector types with the settings of SPEC 7 and 8,
/// which do nothing: the real ones belong to other assemblies.</summary>
public static class StandIns
{
    public static readonly ActivityType[] Activities =
    [
        ActivityType.Of<StandInHttp, HttpSettings>((settings, compilation) => new StandInHttp(settings, compilation)),
        ActivityType.Of<StandInDatabase, DatabaseSettings>((settings, compilation) => new StandInDatabase(settings, compilation)),
    ];

    public static readonly ConnectorType[] Connectors =
    [
        ConnectorType.Of<StandInConnector, HttpConnectorSettings>("http", (_, definition, _) => new StandInConnector(definition)),
        ConnectorType.Of<StandInConnector, SqlConnectorSettings>("sql", (_, definition, _) => new StandInConnector(definition)),
    ];

    public sealed class HttpSettings
    {
        [Setting("The connector.", Required = true, Editor = SettingEditors.Connector + "http")]
        public string Connector { get; set; } = "";

        [Setting("The method.", Choices = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])]
        public string Method { get; set; } = "GET";

        [Setting("The path, which may hold a query.")]
        public Template Endpoint { get; set; } = Template.Empty;

        [Setting("The query.")]
        public TemplateMap Query { get; set; } = TemplateMap.Empty;

        [Setting("The headers.")]
        public TemplateMap Headers { get; set; } = TemplateMap.Empty;

        [Setting("The body.")]
        public JsonTemplate Body { get; set; } = JsonTemplate.None;

        [Setting("The form of the body.", Choices = ["json", "form", "text", "none"])]
        public string BodyType { get; set; } = "json";

        [Setting("How long to wait.", Minimum = 0.1, Maximum = 60, Unit = "seconds")]
        public double Timeout { get; set; } = 10;

        [Setting("Retries.")]
        public RetrySettings? Retry { get; set; }

        [Setting("The status codes that are a success.")]
        public IReadOnlyList<string> SuccessStatusCodes { get; set; } = ["2xx"];

        [Setting("Where the result is put.", Editor = SettingEditors.ContextKey)]
        public string ContextKey { get; set; } = "";
    }

    public sealed class RetrySettings
    {
        [Setting("How often.", Minimum = 0, Maximum = 5)]
        public int Attempts { get; set; }

        [Setting("After which failures.", Choices = ["429", "5xx", "timeout", "connect"])]
        public IReadOnlyList<string> On { get; set; } = [];
    }

    public sealed class DatabaseSettings
    {
        [Setting("The connector.", Required = true, Editor = SettingEditors.Connector + "sql")]
        public string Connector { get; set; } = "";

        [Setting("The query.", Required = true, Editor = SettingEditors.Sql)]
        public Template Query { get; set; } = Template.Empty;

        [Setting("How many rows.", Minimum = 1, Maximum = 10_000)]
        public int MaxRows { get; set; } = 100;

        [Setting("Whether it only reads.")]
        public bool ReadOnly { get; set; } = true;

        [Setting("Where the result is put.", Editor = SettingEditors.ContextKey)]
        public string ContextKey { get; set; } = "";
    }

    public sealed class HttpConnectorSettings
    {
        [Setting("The base URL.", Required = true)]
        public string BaseUrl { get; set; } = "";

        [Setting("The headers.")]
        public IReadOnlyList<HeaderSettings> Headers { get; set; } = [];

        [Setting("The secret of the signature.")]
        public Secret? HmacSecret { get; set; }

        [Setting("Whether any certificate is trusted.")]
        public bool Insecure { get; set; }
    }

    public sealed class HeaderSettings
    {
        [Setting("The name.", Required = true)]
        public string Key { get; set; } = "";

        [Setting("The value.")]
        public Template Value { get; set; } = Template.Empty;
    }

    public sealed class SqlConnectorSettings
    {
        [Setting("The engine.", Required = true, Choices = ["postgres", "sqlite", "mysql", "sqlserver"])]
        public string Engine { get; set; } = "";

        [Setting("The port.", Minimum = 1, Maximum = 65535)]
        public int Port { get; set; } = 5432;

        [Setting("The password.")]
        public Secret? Password { get; set; }
    }

    public sealed class StandInConnector(ConnectorDefinition definition) : Connector(definition)
    {
        public override ValueTask<FlowValue> TestAsync(FlowValue request, CancellationToken cancellationToken) => new(request);
    }

    [Activity(
        "GenericHttp",
        "Calls an HTTP API.",
        Category = "Connectors",
        Outcomes = ["Success"],
        ErrorEvents = ["Generic HTTP Error", "Connector Execution"],
        CanRunInParallel = true
    )]
    [Writes("connectors.{contextKey}", "The answer")]
    private sealed class StandInHttp : FlowActivity
    {
        private readonly HttpSettings _settings;
        private readonly string _contextKey;

        public StandInHttp(HttpSettings settings, ActivityCompilation compilation)
        {
            _settings = settings;
            _contextKey = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;
            compilation.CheckContextKey(_contextKey);
            compilation.Connector<StandInConnector>(settings.Connector);
        }

        public override ContextWrites WritesByOutcome(int outcome) =>
            ContextWrites.Connector(
                _contextKey,
                ValueShape.Object(("statusCode", ValueShape.Scalar), ("body", ValueShape.Any), ("headers", ValueShape.Any))
            );

        public override ContextWrites WritesByError(int errorEvent) => WritesByOutcome(0);

        public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
        {
            var endpoint = _settings.Endpoint.EvaluateText(context, ValueEncoder.Url).ToText();
            var result = new FlowObjectBuilder();
            result.Set("statusCode", FlowValue.From(endpoint.Length % 2 == 0 ? 200 : 404));
            result.Set("body", _settings.Body.Evaluate(context));
            result.Set("headers", FlowValue.From(FlowObject.Empty));
            context.SetConnector(_contextKey, FlowValue.From(result.Build()));
            return new(endpoint.Length % 2 == 0 ? Outcome.Success : Outcome.Error(0, Errors.FlowErrors.Value, "404"));
        }
    }

    [Activity(
        "Database",
        "Queries a database.",
        Category = "Connectors",
        Outcomes = ["Success"],
        ErrorEvents = ["Connector Execution"],
        CanRunInParallel = true
    )]
    [Writes("connectors.{contextKey}", "The result")]
    private sealed class StandInDatabase : FlowActivity
    {
        private readonly string _contextKey;

        public StandInDatabase(DatabaseSettings settings, ActivityCompilation compilation)
        {
            _contextKey = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;
            compilation.CheckContextKey(_contextKey);
            compilation.Connector<StandInConnector>(settings.Connector);
        }

        public override ContextWrites WritesByOutcome(int outcome) =>
            ContextWrites.Connector(
                _contextKey,
                ValueShape.Object(("rows", ValueShape.List(ValueShape.Any)), ("first", ValueShape.Any), ("rowCount", ValueShape.Scalar))
            );

        public override ContextWrites WritesByError(int errorEvent) => ContextWrites.Nothing;

        public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
        {
            // The cheapest bcrypt there is, of "abc": runs by the thousand pass through VerifyPassword.
            context.SetConnector(
                _contextKey,
                FlowValue.Parse(
                    """{"rows":[{"id":7}],"first":"""
                        + """{"id":7,"hash":"$2b$04$abcdefghijklmnopqrstuuCi15uRb1eH7NAlJ/TgeJertyknQpYn2"},"rowCount":1}"""
                )
            );
            return new(Outcome.Success);
        }
    }
}
