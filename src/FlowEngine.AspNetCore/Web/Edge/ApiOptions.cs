using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Set while a program starts, then read only: the section <c>Api</c>, how large a request's body may be.</summary>
public sealed record ApiOptions
{
    /// <summary>Of somebody who is known, in bytes. Default 256 KiB.</summary>
    [Setting("How large the body of a request may be.", Unit = "bytes", Minimum = 1)]
    public int MaxRequestBytes { get; set; } = 256 * 1024;

    /// <summary>Of anybody else, in bytes: what a start or submission brings is stored with its run. Default 16 KiB.</summary>
    [Setting(
        "How large the body of a request may be whose sender is not known: starts, submissions, forms, tokens, signing in.",
        Unit = "bytes",
        Minimum = 1
    )]
    public int MaxAnonymousBytes { get; set; } = 16 * 1024;

    /// <summary>Beyond this many bytes the connection is closed without further reading.</summary>
    internal long HardBytes => HardBytesOf(Math.Max(MaxRequestBytes, MaxAnonymousBytes));

    /// <summary>The same for a request that may have this many.</summary>
    internal static long HardBytesOf(int bytes) => 4L * bytes;
}
