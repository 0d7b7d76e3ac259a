using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: a file that browsers load.</summary>
/// <param name="Path">Where it is served, below the application's root.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">Its type.</param>
internal sealed record ScreenAsset(string Path, byte[] Content, string ContentType)
{
    public string ETag { get; } = '"' + ScreenAssets.Hash(Content) + '"';
}

/// <summary>Shared and immutable: the style sheet and scripts of the screens, embedded in the assembly. All but the web component's module
/// carry the hash of their content in their names.</summary>
internal sealed class ScreenAssets
{
    /// <summary>Where the web component is. Pages name it, so its path stays; browsers ask each time whether it changed.</summary>
    public const string ComponentPath = "/flow-engine.js";

    /// <summary>What the pages and the web component have in common.</summary>
    public static readonly ScreenAsset Parts = WithHash("parts.js", "text/javascript; charset=utf-8");

    /// <summary>What pages need where there is no JavaScript.</summary>
    public static readonly ScreenAsset NoScript = WithHash("noscript.css", "text/css; charset=utf-8");

    public static readonly ScreenAsset Script = WithHash(
        "screens.js",
        ReadText("screens.js").Replace("./parts.js", "./" + Parts.Path.Split('/')[^1], StringComparison.Ordinal),
        "text/javascript; charset=utf-8"
    );
    public static readonly ScreenAsset Icon = WithHash("icon.svg", "image/svg+xml");
    public static readonly ScreenAsset Texts = WithHash("texts.json", "application/json; charset=utf-8");

    private readonly ScreenAsset[] _hashed;

    /// <summary>The files of a server.</summary>
    /// <param name="moreStyles">The style sheets of components that are not the engine's own; "" for none.</param>
    public ScreenAssets(string moreStyles)
    {
        Styles = WithHash("screens.css", ReadText("screens.css") + moreStyles, "text/css; charset=utf-8");
        Component = new ScreenAsset(
            ComponentPath,
            Encoding.UTF8.GetBytes(
                ReadText("flow-engine.js")
                    .Replace("./flow-engine/parts.js", "." + Parts.Path, StringComparison.Ordinal)
                    .Replace("/flow-engine/screens.css", Styles.Path, StringComparison.Ordinal)
                    .Replace("/flow-engine/texts.json", Texts.Path, StringComparison.Ordinal)
            ),
            "text/javascript; charset=utf-8"
        );
        _hashed = [Styles, NoScript, Script, Parts, Icon, Texts];
    }

    /// <summary>The style sheet.</summary>
    public ScreenAsset Styles { get; }

    /// <summary>The module of the web component.</summary>
    public ScreenAsset Component { get; }

    /// <summary>The asset that a path's last part names; null for none. The hash may be another version's: while servers are upgraded one
    /// after the other, a page of the new one may ask the old one for its style sheet.</summary>
    public ScreenAsset? Find(string file)
    {
        var parts = file.Split('.');
        return parts.Length is 2 or 3
            ? Array.Find(
                _hashed,
                asset =>
                    asset.Path.StartsWith($"/flow-engine/{parts[0]}.", StringComparison.Ordinal)
                    && asset.Path.EndsWith("." + parts[^1], StringComparison.Ordinal)
            )
            : null;
    }

    public static string ReadText(string name)
    {
        using var reader = new StreamReader(Open(name), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static string Hash(byte[] content) => Base64Url.EncodeToString(SHA256.HashData(content).AsSpan(0, 9));

    private static ScreenAsset WithHash(string name, string contentType) => WithHash(name, ReadText(name), contentType);

    private static ScreenAsset WithHash(string name, string text, string contentType)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var dot = name.LastIndexOf('.');
        return new ScreenAsset($"/flow-engine/{name[..dot]}.{Hash(content)}{name[dot..]}", content, contentType);
    }

    private static Stream Open(string name) =>
        typeof(ScreenAssets).Assembly.GetManifestResourceStream("Screens/" + name)
        ?? throw new InvalidOperationException($"The assembly lacks the file '{name}' of the screens.");
}
