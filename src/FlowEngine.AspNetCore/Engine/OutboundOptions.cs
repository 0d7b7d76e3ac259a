using FlowEngine.Database.Network;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Wire.Egress;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Engine;

/// <summary>Set while a program starts, then read only: the section <c>Egress</c>, what connectors may reach.</summary>
public sealed record OutboundOptions : ICheckedSettings
{
    /// <summary>Whether connectors may call private and loopback addresses. Default false. Link-local and cloud metadata addresses are
    /// always refused.</summary>
    [Setting(
        "Whether connectors may call private and loopback addresses. Link-local and cloud metadata addresses are always refused.",
        Otherwise = "`false`; `true` with `--demo` and in the `Development` environment"
    )]
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Source addresses for connectors with <c>useStaticIps</c>. Default none.</summary>
    [Setting("Source addresses for connectors with `useStaticIps`, used in turn.")]
    public IReadOnlyList<string> StaticIps { get; set; } = [];

    /// <summary>Proxies for connectors with <c>useStaticIps</c>: <c>http://</c> or <c>socks5://</c>, optionally with user name and
    /// password. Default none.</summary>
    [Setting("HTTP CONNECT or SOCKS5 proxies for them.")]
    public IReadOnlyList<string> Proxies { get; set; } = [];

    /// <summary>Database servers that may be reached although they are private, each as <c>host:port</c>. Default none.</summary>
    [Setting(
        "Database servers that connectors may reach although their addresses are private, each as `host:port`: "
            + "`db.internal:5432`, `*.db.internal:5432`, `10.1.0.0/16:5432`, "
            + "`/run/postgresql:5432`; the port may be `*`. A SQL Server must always be listed, unless private networks are allowed."
    )]
    public IReadOnlyList<string> Databases { get; set; } = [];

    /// <summary>What HTTP connectors may reach; complete when <see cref="ICheckedSettings.Check"/> found nothing.</summary>
    internal EgressOptions Http() => EgressOptions.Parse(AllowPrivateNetworks, StaticIps, Proxies, out _);

    /// <summary>What database connectors may reach.</summary>
    internal DatabaseEgress Sql() =>
        new()
        {
            AllowPrivateNetworks = AllowPrivateNetworks,
            Databases = [.. Databases.Select(DatabasePattern.Parse).OfType<DatabasePattern>()],
            Judge = address =>
                EgressGuard.Judge(address) switch
                {
                    EgressVerdict.Public => AddressVerdict.Public,
                    EgressVerdict.Private => AddressVerdict.Private,
                    _ => AddressVerdict.Forbidden,
                },
        };

    /// <inheritdoc/>
    void ICheckedSettings.Check(SourceLocation at, DiagnosticBag problems)
    {
        EgressOptions.Parse(AllowPrivateNetworks, StaticIps, Proxies, out var found);
        foreach (var problem in found)
            problems.Error(FlowErrors.Value, SourceLocation.Root(null), problem, "");
        foreach (var text in Databases.Where(text => DatabasePattern.Parse(text) is null))
            problems.Error(
                FlowErrors.Value,
                at.At("databases"),
                $"'{text}' is not a host and a port, such as db.internal:5432, *.db.internal:5432, 10.1.0.0/16:5432 or /run/postgresql:5432.",
                ""
            );
    }
}
