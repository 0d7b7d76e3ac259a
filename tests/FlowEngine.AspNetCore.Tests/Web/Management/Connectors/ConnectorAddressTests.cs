using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Management.Connectors;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Connectors;

public sealed class ConnectorAddressTests
{
    /// <summary>Whoever adds a setting here says that a designer may change it while secrets, which they do not know, stay.</summary>
    private static readonly string[] Harmless =
    [
        "http.headers",
        "http.includeHeadersInContext",
        "http.useStaticIps",
        "http.circuitBreaker",
        "http.cooldown",
        "http.maxConcurrent",
        "http.rateLimit",
        "http.disabled",
        "http.messageSignature",
        "http.rfc9421SigningEnabled",
        "http.rfc9421KeyId",
        "http.rfc9421Components",
        "http.rfc9421SignatureTTL",
        "http.authentication.basic.username",
        "http.authentication.oauth2ClientCredentials.clientId",
        "http.authentication.oauth2ClientCredentials.scopes",
        "sql.username",
        "sql.maxPoolSize",
        "sql.disabled",
    ];

    [Fact]
    public async Task SettingsOfConnectors_CountAsAddress_ButForTheseFew()
    {
        await using var connectors = new FlowEngineOptions().Modules().NewConnectors();
        Assert.Equal(Harmless.Order(), connectors.Types.SelectMany(type => HarmlessIn(type.Settings, type.Name)).Order());

        static IEnumerable<string> HarmlessIn(SettingsDescriptor settings, string path) =>
            settings.Settings.SelectMany(setting =>
                setting.Attribute.SecretsStay ? [$"{path}.{setting.Name}"]
                : (setting.Nested ?? setting.Element?.Nested) is { } nested ? HarmlessIn(nested.Value, $"{path}.{setting.Name}")
                : []
            );
    }

    [Theory]
    [InlineData("{}", """{ "added": "x" }""", "added")]
    [InlineData("""{ "added": "x" }""", "{}", "added")]
    [InlineData("""{ "added": "x" }""", """{ "added": "y" }""", "added")]
    [InlineData("{}", """{ "inner": { "key": "x" } }""", "inner.key")]
    [InlineData("""{ "inner": { "key": "x" } }""", "{}", "inner.key")]
    [InlineData("{}", """{ "list": [ { "key": "x" } ] }""", "list.0.key")]
    [InlineData(
        """{ "list": [ { "key": "x" }, { "key": "y" } ] }""",
        """{ "list": [ { "key": "y" }, { "key": "x" } ] }""",
        "list.0.key,list.1.key"
    )]
    [InlineData("{}", """{ "list": "no list" }""", "list")]
    [InlineData("{}", """{ "inner": "no object" }""", "inner")]
    [InlineData("{}", """{ "mode": "other" }""", "mode")]
    [InlineData("{}", """{ "ofALaterRelease": true }""", "ofALaterRelease")]
    [InlineData("{}", """{ "inner": { "ofALaterRelease": true } }""", "inner.ofALaterRelease")]
    [InlineData("{}", """{ "mode": "usual" }""", "")]
    [InlineData("""{ "mode": null }""", """{ "inner": {}, "list": [], "harmless": "x", "inner": { "harmless": 7 } }""", "")]
    [InlineData("{}", """{ "allHarmless": { "key": "x" }, "inner": { "secret": "***" } }""", "")]
    public void Differences_AreWhatIsNotDeclaredHarmless(string before, string after, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ',',
                ConnectorAddress.Differences(SettingsDescriptor.Of(typeof(Sample)), FlowValue.Parse(before), FlowValue.Parse(after))
            )
        );

    public sealed class Sample
    {
        [Setting("One that nobody has thought about.")]
        public string Added { get; set; } = "";

        [Setting("One with a default.")]
        public string Mode { get; set; } = "usual";

        [Setting("Harmless.", SecretsStay = true)]
        public string Harmless { get; set; } = "";

        [Setting("An object.")]
        public Inner? Inner { get; set; }

        [Setting("A harmless object.", SecretsStay = true)]
        public Inner? AllHarmless { get; set; }

        [Setting("A list.")]
        public IReadOnlyList<Inner> List { get; set; } = [];
    }

    public sealed class Inner
    {
        [Setting("A key.")]
        public string Key { get; set; } = "";

        [Setting("Harmless.", SecretsStay = true)]
        public int Harmless { get; set; }

        [Setting("A secret.")]
        public Secret? Secret { get; set; }
    }
}
