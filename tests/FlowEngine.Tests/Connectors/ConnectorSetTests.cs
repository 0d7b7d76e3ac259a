using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Tests.Connectors;

public sealed class ConnectorSetTests
{
    /// <summary>A trace in which anybody's secret is masked tells a designer who guesses it that the guess is right.</summary>
    [Fact]
    public async Task SecretsOf_TheConnectorsOfAFlow_AreThoseNowAndBeforeAndNobodyElses()
    {
        await using var set = new ConnectorSet(
            ConnectorType.Of<Keeper, StandIns.HttpConnectorSettings>("http", (_, definition, _) => new Keeper(definition))
        );
        set.Set(Definition("a", "first of a"));
        set.Set(Definition("b", "secret of b"));
        Assert.Empty(set.SecretsOf(Only("a")));
        Assert.NotNull(set.Find("a", out _));
        Assert.NotNull(set.Find("b", out _));
        set.Set(Definition("a", "second of a"));
        Assert.NotNull(set.Find("a", out _));

        Assert.Equal(["first of a", "second of a"], set.SecretsOf(Only("a")).Order(StringComparer.Ordinal));
        Assert.Empty(set.SecretsOf(Only("c")));
        set.Remove("a");
        Assert.Equal(["first of a", "second of a"], set.SecretsOf(Only("a")).Order(StringComparer.Ordinal));
        Assert.Equal(3, set.SecretValues.Count());
    }

    private static HashSet<string> Only(string id) => [id];

    private static ConnectorDefinition Definition(string id, string name) =>
        ConnectorDefinition.Read(
            FlowValue.Parse(
                $$"""{ "id": "{{id}}", "type": "http", "name": "{{name}}", "configuration": { "baseUrl": "https://a.example" } }"""
            ),
            null,
            new DiagnosticBag()
        )!;

    private sealed class Keeper(ConnectorDefinition definition) : Connector(definition)
    {
        private readonly string _secret = definition.Name;

        public override IEnumerable<string> SecretValues => [_secret];

        public override ValueTask<FlowValue> TestAsync(FlowValue request, CancellationToken cancellationToken) => new(request);
    }
}
