using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Database;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector;
using FlowEngine.Model;
using FlowEngine.Tracing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace FlowEngine.ElsaActivities;

/// <summary>Per service provider, thread-safe: the engine inside an Elsa: activity types, connectors, flows, and the key that what runs
/// keep is encrypted with.</summary>
internal sealed class HostedEngine : IAsyncDisposable
{
    private readonly ConditionalWeakTable<object, HostedFlow> _hosted = [];
    private readonly Dictionary<string, FlowPlan> _flows = new(StringComparer.Ordinal);
    private readonly Lock _compiling = new();
    private readonly Lazy<CompilationEnvironment> _environment;
    private readonly FlowEngineActivitiesOptions _options;
    private readonly DiagnosticBag _fileProblems = new();
    private readonly IDataProtector _protector;

    public HostedEngine(IOptions<FlowEngineActivitiesOptions> options, IDataProtectionProvider protection)
    {
        _options = options.Value;
        Activities = new ActivityCatalog([.. HttpModule.ActivityTypes, .. DatabaseModule.ActivityTypes, .. _options.ActivityTypes]);
        Connectors = new ConnectorSet([.. HttpModule.ConnectorTypes(_options.Http), .. DatabaseModule.ConnectorTypes(_options.Databases)]);
        _protector = protection.CreateProtector("FlowEngine.Elsa.Run");
        Services = RunServices.Default with { Trace = _options.Trace };
        _environment = new Lazy<CompilationEnvironment>(Open);
    }

    /// <summary>The activity types.</summary>
    public ActivityCatalog Activities { get; }

    /// <summary>What flows are compiled against; connectors and flows are read with the first that asks.</summary>
    public CompilationEnvironment Environment => _environment.Value;

    /// <summary>The connectors.</summary>
    public ConnectorSet Connectors { get; }

    /// <summary>What runs need from outside. Tests replace it before the first run.</summary>
    public RunServices Services { get; set; }

    /// <summary>Our activities of a workflow, compiled when the first of them is executed.</summary>
    /// <param name="definition">Elsa's object for this version of the workflow; the flow is kept as long as it is.</param>
    /// <param name="describe">Tells what the workflow has of our activities.</param>
    /// <exception cref="FlowEngineException">They do not compile.</exception>
    public HostedFlow FlowOf(object definition, Func<HostedWorkflow> describe) =>
        _hosted.GetValue(
            definition,
            _ =>
            {
                var problems = new DiagnosticBag();
                lock (_compiling)
                    return HostedFlow.Compile(describe(), Environment, problems) ?? throw Refused("The workflow", problems);
            }
        );

    /// <summary>A whole flow of the folders.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="FlowEngineException">There is none, or it does not compile.</exception>
    public FlowPlan PlanOf(string id)
    {
        lock (_compiling)
        {
            if (_flows.TryGetValue(id, out var known))
                return known;
            var problems = new DiagnosticBag();
            FlowPlan? plan = null;
            if (Environment.FindFlow(id) is { } found)
            {
                var compiled = FlowCompiler.Compile(found.Flow, Environment);
                problems.AddRange(compiled.Diagnostics);
                plan = compiled.Plan;
            }
            else
            {
                problems.Error(
                    FlowErrors.UnknownFlow,
                    SourceLocation.Root(null),
                    $"There is no flow '{id}' in the folders {string.Join(", ", _options.FlowFolders.DefaultIfEmpty("(none)"))}.",
                    "Give the folder of its file to AddFlows."
                );
            }
            if (plan is null || problems.HasErrors)
                throw Refused($"The flow '{id}'", problems);
            _flows.Add(id, plan);
            return plan;
        }
    }

    /// <summary>A run's state as Elsa may keep it.</summary>
    public string Protect(byte[] state) => Convert.ToBase64String(_protector.Protect(state));

    /// <summary>The state that Elsa kept.</summary>
    /// <exception cref="FlowEngineException">It was encrypted with a key that this host does not have, or was changed.</exception>
    public byte[] Unprotect(object kept)
    {
        try
        {
            return _protector.Unprotect(Convert.FromBase64String(HostedValue.Of(kept).ToText()));
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            throw new FlowEngineException(
                FlowErrors.State.Code,
                "The run in the workflow instance cannot be decrypted. Hosts that share instances share the keys of Data Protection."
            );
        }
    }

    /// <summary>What takes the secrets of a run, and of the connectors that its flow uses, out of what is shown.</summary>
    public Redactor RedactorOf(FlowRun run) => run.RedactorFor(Connectors.SecretsOf(run.Plan.Connectors));

    public ValueTask DisposeAsync() => Connectors.DisposeAsync();

    private CompilationEnvironment Open()
    {
        foreach (var folder in _options.ConnectorFolders)
        {
            if (!Directory.Exists(folder))
                _fileProblems.Error(FlowErrors.File, SourceLocation.Root(folder), $"There is no folder {Path.GetFullPath(folder)}.");
            ConnectorFolder.Read(folder, Connectors, null, _fileProblems);
        }
        var flows = _options.FlowFolders.ConvertAll(folder => new FlowFolder(folder));
        return new CompilationEnvironment
        {
            Activities = Activities,
            Connectors = Connectors,
            FindFlow = id => flows.Select(folder => folder.Find(id)).FirstOrDefault(found => found is not null),
        };
    }

    /// <summary>Files beside a workflow that cannot be read are told too: they are often the cause.</summary>
    private FlowEngineException Refused(string what, DiagnosticBag problems)
    {
        var errors = problems.Items.Concat(_fileProblems.Items).Where(problem => problem.Severity == Severity.Error).ToList();
        return new FlowEngineException(
            errors.Count > 0 ? errors[0].Code : FlowErrors.Unexpected.Code,
            $"{what} does not compile:\n{string.Join('\n', errors)}"
        );
    }
}
