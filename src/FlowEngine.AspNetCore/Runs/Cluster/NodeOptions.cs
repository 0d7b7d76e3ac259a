using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>Set while a program starts, then read only: the section <c>Cluster</c>, where the other nodes reach this one.</summary>
public sealed record NodeOptions
{
    /// <summary>An address of this machine, or its name. Default null: the loopback address where the server listens on no other, else the
    /// machine's.</summary>
    [Setting(
        "Where the other nodes of a cluster reach this one: an address of this machine, or its name.",
        Otherwise = "`127.0.0.1` where all of `--urls` are loopback, else the machine's address"
    )]
    public string? Address { get; set; }

    /// <summary>The port for the other nodes. Default null: a free one on the loopback address, else 11111.</summary>
    [Setting("The port for the other nodes.", Otherwise = "a free one on the loopback address, else 11111", Minimum = 1, Maximum = 65535)]
    public int? Port { get; set; }
}
