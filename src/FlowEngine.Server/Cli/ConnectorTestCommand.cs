using System.CommandLine;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Server.Demo;
using FlowEngine.Server.Hosting;
using FlowEngine.Tracing;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>connector test ID</c>, which tries a connector out on its own.</summary>
internal sealed class ConnectorTestCommand : CliCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "The connector's id." };
    private readonly Option<string?> _method = new("--method") { Description = "The HTTP method. Default GET.", HelpName = "METHOD" };
    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "The path behind the base URL; it may hold a query and templates.",
        HelpName = "PATH",
    };
    private readonly Option<string[]> _headers = new("--header")
    {
        Description = "A header. Repeatable.",
        HelpName = "name=value",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _body = new("--body") { Description = "The body: JSON, or any other text.", HelpName = "TEXT" };
    private readonly Option<string[]> _query = new("--query")
    {
        Description = "A query parameter. Repeatable.",
        HelpName = "name=value",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _context = new("--context")
    {
        Description = "A JSON file with a sample context, for the templates: { \"form\": { … }, … }.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _curl = new("--curl")
    {
        Description = "HTTP: sends nothing, and prints the request as a cURL command; its secrets are variables of the shell.",
    };
    private readonly Option<string?> _received = new("--received")
    {
        Description =
            "HTTP: sends nothing, and says of a request that a server received, as raw text in a file, which key signed it, and "
            + "where it differs from what was signed.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _demo = new("--demo")
    {
        Description = "Starts the demo database and API, and points the connector at them.",
    };
    private readonly Option<string> _format = Formats.Option(Formats.Text, Formats.Json);
    private readonly EngineOptions _engine;

    public ConnectorTestCommand()
        : base(
            "test",
            "HTTP: sends one request and shows what was sent, what came back, what the context would "
                + "hold, and the timings. SQL: connects and shows the server's version. Secrets are masked.",
            "flowengine connector test profile-api --connectors flows/connectors --endpoint /users/ada --demo",
            "flowengine connector test profile-api --connectors flows/connectors --endpoint /users/ada --curl",
            "flowengine connector test users-db --connectors flows/connectors --demo --format json"
        )
    {
        _headers.Validators.Add(result => KeyValue.Check(result, "name=value"));
        _query.Validators.Add(result => KeyValue.Check(result, "name=value"));
        Arguments.Add(_id);
        foreach (var option in new Option[] { _method, _endpoint, _headers, _body, _query, _context, _curl, _received, _demo, _format })
            Options.Add(option);
        _engine = new EngineOptions(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var isDemo = parsed.GetValue(_demo);
        await using var demo = isDemo ? await DemoSite.StartAsync(cancellationToken) : null;
        var modules = _engine.Settings(parsed, isDemo).Engine.Modules();
        var folder = _engine.Connectors(parsed) ?? "connectors";
        var problems = new DiagnosticBag();
        await using var connectors = modules.NewConnectors();
        if (!Directory.Exists(folder))
            problems.Error(
                FlowErrors.File,
                SourceLocation.Root(folder),
                $"There is no folder {folder}.",
                "Name the folder of the connector files with --connectors."
            );
        ConnectorFolder.Read(folder, connectors, demo is null ? null : demo.Relocate, problems);

        var id = parsed.GetValue(_id)!;
        var connector = connectors.Find(id, out var found);
        problems.AddRange(found);
        if (connector is null && found.Count == 0 && Directory.Exists(folder))
        {
            var known = string.Join(", ", connectors.Ids);
            problems.Error(
                FlowErrors.UnknownConnector,
                SourceLocation.Root(folder),
                $"There is no connector '{id}'.",
                known.Length > 0 ? $"Use one of: {known}." : "The folder holds no connector files."
            );
        }
        if (Request(parsed, problems) is not { } request || connector is null)
        {
            DiagnosticWriter.WriteText(Console.Error, problems.Items);
            return ExitCodes.Failed;
        }

        // The connector masks its secrets itself; this is the second line.
        var result = new Redactor(connector.SecretValues).Redact(await connector.TestAsync(request, cancellationToken));
        if (parsed.GetValue(_format) == Formats.Json)
            await Console.Out.WriteLineAsync(JsonWriting.ToText(result));
        else if (result.Get("curl").TryGetText(out var command))
            await Console.Out.WriteAsync(command);
        else
            ConnectorTestReport.Write(Console.Out, result);
        return result.Get("ok") == FlowValue.True ? ExitCodes.Completed : ExitCodes.Failed;
    }

    /// <summary>The inputs that were given, as the connector takes them; null when the context cannot be read.</summary>
    private FlowValue? Request(ParseResult parsed, DiagnosticBag problems)
    {
        var request = new FlowObjectBuilder();
        Set("method", parsed.GetValue(_method));
        Set("endpoint", parsed.GetValue(_endpoint));
        SetPairs("query", parsed.GetValue(_query)!);
        SetPairs("headers", parsed.GetValue(_headers)!);
        if (parsed.GetValue(_body) is { } body)
        {
            var (value, type) = JsonOrText(body);
            request.Set("body", value);
            request.Set("bodyType", FlowValue.From(type));
        }
        if (parsed.GetValue(_curl))
            request.Set("curl", FlowValue.True);
        if (parsed.GetValue(_received) is { } received && !SetReceived(received))
            return null;
        if (parsed.GetValue(_context) is { } file)
        {
            var context = JsonFile.Read(file, problems);
            if (context.IsMissing)
                return null;
            request.Set("context", context);
        }
        return FlowValue.From(request.Build());

        bool SetReceived(string path)
        {
            try
            {
                request.Set("received", FlowValue.From(File.ReadAllText(path)));
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Error(FlowErrors.File, SourceLocation.Root(path), $"The file {path} cannot be read.");
                return false;
            }
        }

        void Set(string name, string? value)
        {
            if (value is not null)
                request.Set(name, FlowValue.From(value));
        }

        void SetPairs(string name, string[] given)
        {
            var pairs = new FlowObjectBuilder();
            foreach (var (key, value) in given.Select(KeyValue.Split))
                pairs.Set(key, FlowValue.From(value));
            if (pairs.Count > 0)
                request.Set(name, FlowValue.From(pairs.Build()));
        }
    }

    private static (FlowValue Body, string Type) JsonOrText(string body)
    {
        try
        {
            return (FlowValue.Parse(body), "json");
        }
        catch (System.Text.Json.JsonException)
        {
            // Braces around templates that are no JSON until they have values.
            return (FlowValue.From(body), body.TrimStart() is ['{' or '[', ..] ? "json" : "text");
        }
    }
}
