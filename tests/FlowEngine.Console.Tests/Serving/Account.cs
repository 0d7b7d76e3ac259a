namespace FlowEngine.Browser.Tests.Console.Serving;

/// <summary>Shared and immutable: somebody who uses the console.</summary>
internal sealed record Account(string Name, string Password, string Role)
{
    public static Account Admin { get; } = new("ada", "a long enough password", "admin");

    public static Account Designer { get; } = new("dora", "dora's good password", "designer");

    public static Account Viewer { get; } = new("vic", "vic looks at things", "viewer");
}
