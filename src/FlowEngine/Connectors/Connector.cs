using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Connectors;

/// <summary>Shared, thread-safe: a configured integration that activities call. It owns its connections.</summary>
public abstract class Connector : IAsyncDisposable
{
    /// <summary>Makes a connector.</summary>
    protected Connector(ConnectorDefinition definition) => Definition = definition;

    /// <summary>Its file.</summary>
    public ConnectorDefinition Definition { get; }

    /// <summary>Its id.</summary>
    public string Id => Definition.Id;

    /// <summary>Whether it is switched off: its calls end before anything is sent, and flows that use it are warned. Default
    /// false.</summary>
    public virtual bool IsDisabled => false;

    /// <summary>When the certificate ends by which it proves who calls; null (the default) for none, and where it cannot be read.</summary>
    public virtual DateTimeOffset? CertificateEnds => null;

    /// <summary>How it is now; null (the default) where there is nothing to tell.</summary>
    public virtual ConnectorState? State => null;

    /// <summary>The secrets that it holds now, its tokens included, so that
    /// they can be masked wherever they turn up. Default none.</summary>
    public virtual IEnumerable<string> SecretValues => [];

    /// <summary>Tries the connector out on its own (SPEC 7 and 8).</summary>
    /// <param name="request">What to send; its members depend on the type of connector.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>What was sent, what came back, what the context would hold, and how long it took, with secrets masked.</returns>
    public abstract ValueTask<FlowValue> TestAsync(FlowValue request, CancellationToken cancellationToken);

    /// <summary>Delivers a call that an activity queued: with the credentials,
    /// the address and the limits that the connector has now.</summary>
    /// <param name="content">The content of the <see cref="Execution.QueuedCall"/>.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="NotSupportedException">No activity queues calls of this type of connector.</exception>
    public virtual ValueTask<CallDelivery> DeliverAsync(byte[] content, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"Calls through a connector of type '{Definition.Type}' are not queued.");

    /// <summary>Closes its connections.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Shared and immutable: how the delivery of a queued call went.</summary>
/// <param name="Answer">What came back, for the trace; missing for nothing.</param>
/// <param name="Error">Why it did not arrive; null when it did.</param>
/// <param name="RetryAfter">How long the other side asks to be left alone; null when it does not say.</param>
public sealed record CallDelivery(FlowValue Answer, FlowError? Error, TimeSpan? RetryAfter);

/// <summary>Whose words a connector's definition is.</summary>
public enum ConnectorOrigin
{
    /// <summary>Somebody's who may change connectors, through the console or the API. They reach no more than the operator set.</summary>
    Saved,

    /// <summary>The operator's own: what is stored is, to the last character, a file of the operator's folder.</summary>
    Operator,
}

/// <summary>Shared and immutable: a connector as its file says it (SPEC 7).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type: <c>http</c> or <c>sql</c>.</param>
/// <param name="Name">Its name; the id when none is given.</param>
/// <param name="Configuration">Its settings.</param>
/// <param name="Json">The whole file.</param>
/// <param name="Location">Where the file is.</param>
public sealed record ConnectorDefinition(
    string Id,
    string Type,
    string Name,
    FlowObject Configuration,
    FlowObject Json,
    SourceLocation Location
)
{
    /// <summary>The folder where relative paths in it begin: that of its file.
    /// Null (where there is no file): the current folder of the process.</summary>
    public string? Folder { get; init; } = Location.File is { } path ? Path.GetDirectoryName(Path.GetFullPath(path)) : null;

    /// <summary>Whose words it is. Default <see cref="ConnectorOrigin.Saved"/>, which may do least.</summary>
    public ConnectorOrigin Origin { get; init; }

    /// <summary>Reads a connector file's shape.</summary>
    /// <returns>The connector, or null when problems were reported.</returns>
    public static ConnectorDefinition? Read(FlowValue json, string? file, DiagnosticBag problems)
    {
        var root = SourceLocation.Root(file);
        if (!json.TryGetObject(out var obj))
        {
            problems.Error(FlowErrors.Type, root, "A connector file holds one JSON object.");
            return null;
        }

        var id = Required("id");
        var type = Required("type");
        if (id is { Length: > 0 } && !Model.Identifier.IsValid(id))
        {
            problems.Error(FlowErrors.Id, root.At("id"), $"'{id}' cannot be a connector's id.");
            return null;
        }

        var configuration = obj.Get("configuration");
        if (!configuration.TryGetObject(out var settings))
        {
            problems.Error(FlowErrors.Required, root.At("configuration"), "'configuration' is missing or not an object.");
            return null;
        }
        if (id is null || type is null)
            return null;
        return new ConnectorDefinition(id, type, obj.Get("name").TryGetText(out var name) ? name : id, settings, obj, root);

        string? Required(string member)
        {
            if (obj.Get(member).TryGetText(out var text) && text.Length > 0)
                return text;
            problems.Error(FlowErrors.Required, root.At(member), $"'{member}' is missing, empty or not a text.", $"Add \"{member}\".");
            return null;
        }
    }
}
