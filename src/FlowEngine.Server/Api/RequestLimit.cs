using FlowEngine.Server.Engine;

namespace FlowEngine.Server.Api;

/// <summary>Shared and immutable: how large a request's body may be.</summary>
/// <param name="Bytes">In bytes.</param>
internal sealed record RequestLimit(int Bytes)
{
    private const int Default = 256 * 1024;

    /// <summary>The limit of the setting <c>Api:MaxRequestBytes</c>, default 256 KiB.</summary>
    /// <exception cref="SettingsException">The setting is no positive whole number.</exception>
    public static RequestLimit Of(ServerSettings settings) => new(settings.Whole("Api:MaxRequestBytes", Default));

    /// <summary>Beyond this many bytes the connection is closed without further reading.</summary>
    public long HardBytes => 4L * Bytes;
}
