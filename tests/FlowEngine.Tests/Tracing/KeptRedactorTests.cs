using FlowEngine.Tests.Execution;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Tracing;

public sealed class KeptRedactorTests
{
    [Fact]
    public void Of_TheSameSecrets_IsTheSameRedactor_AndOfOthersAnother()
    {
        var kept = new KeptRedactor();
        var first = kept.Of(["secret-one", "secret-two"]);

        Assert.Same(first, kept.Of(["secret-one", "secret-two"]));
        var next = kept.Of(["secret-two", "secret-three"]);

        Assert.NotSame(first, next);
        Assert.Equal("secret-one *** ***", next.Redact("secret-one secret-two secret-three"));
        Assert.Same(next, kept.Of(["secret-two", "secret-three"]));
    }

    [Fact]
    public async Task RedactorFor_RunsOfOneFlow_KnowTheConnectorsSecretsAndTheirOwnAlone()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json(
                "s",
                """
                { "id": "s", "type": "Screen", "screen": "in" },
                { "id": "end", "type": "End" }
                """,
                "s.go>end",
                """{ "id": "in", "components": [ { "type": "PasswordInput", "name": "pass" }, { "type": "Button", "id": "go" } ] }"""
            )
        );
        var (with, without) = (await ProbeFlow.RunAsync(plan), await ProbeFlow.RunAsync(plan));
        await ProbeFlow.SubmitAsync(with, "go", """{ "pass": "hunter2-hunter2" }""");
        string[] held = ["connector-secret"];

        Assert.Same(without.RedactorFor(held), without.RedactorFor(held));
        Assert.Equal("*** ***", with.RedactorFor(held).Redact("hunter2-hunter2 connector-secret"));
        Assert.Equal("hunter2-hunter2 ***", without.RedactorFor(held).Redact("hunter2-hunter2 connector-secret"));
        // As soon as a connector has another one.
        Assert.Equal("*** connector-secret", without.RedactorFor(["another-secret"]).Redact("another-secret connector-secret"));
    }
}
