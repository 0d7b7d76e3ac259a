using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>Shared and immutable. User name and password of a proxy, from its URL's userinfo, percent-decoded.</summary>
internal sealed class ProxyCredentials(string userName, string password)
{
    public byte[] UserName { get; } = Encoding.UTF8.GetBytes(userName);

    public byte[] Password { get; } = Encoding.UTF8.GetBytes(password);

    public bool FitSocks5 => UserName.Length is >= 1 and <= 255 && Password.Length is >= 1 and <= 255;

    /// <summary>RFC 7617.</summary>
    public string Basic => "Basic " + Convert.ToBase64String([.. UserName, (byte)':', .. Password]);

    public static ProxyCredentials? Of(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;

        var parts = proxy.UserInfo.Split(':', 2);
        return new(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
