using FlowEngine.Connectors;
using FlowEngine.Database.Queries;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Database.Engines;

/// <summary>
/// Bound once, then read only: a connector's settings for one engine, and what there is to know of the engine before anything is connected.
/// One folder per engine has a class that derives from it, with a <see cref="SqlEngineAttribute"/>, and nothing else in the assembly knows
/// the engine; <see cref="SqlEngineKind.All"/> lists them.
/// </summary>
public abstract class SqlEngineSettings
{
    /// <summary>What the engine's SQL looks like.</summary>
    internal abstract SqlDialect Dialect { get; }

    /// <summary>The password to sign in with; null (the default) for none.</summary>
    internal virtual Secret? SignInSecret => null;

    /// <summary>Reports what is wrong with the settings beyond their types. Default nothing.</summary>
    internal virtual void Check(ConnectorDefinition definition, DiagnosticBag problems, DatabaseModuleOptions options) { }

    /// <summary>Makes the engine; nothing is connected. The runtime loads the driver when it compiles this method, and no sooner.</summary>
    internal abstract SqlEngine Create(SqlEngineContext context);
}

/// <summary>Names an engine.</summary>
/// <param name="name">How files write it, such as <c>postgres</c>.</param>
/// <param name="label">What people call it, such as "PostgreSQL".</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SqlEngineAttribute(string name, string label) : Attribute
{
    public string Name { get; } = name;

    public string Label { get; } = label;
}

/// <summary>Shared and immutable: what an engine is made with.</summary>
/// <param name="Definition">The connector.</param>
/// <param name="Password">The revealed password; "" for none.</param>
/// <param name="MaxPoolSize">How many connections may be open at once.</param>
/// <param name="Options">The operator's settings.</param>
internal sealed record SqlEngineContext(ConnectorDefinition Definition, string Password, int MaxPoolSize, DatabaseModuleOptions Options);
