using FlowEngine.Execution;

namespace FlowEngine.Tests.Execution;

public sealed class AcceptedFailuresTests
{
    private static readonly FailedCall Answer = new("profile")
    {
        Event = "Generic HTTP Error",
        Code = "http.status",
        StatusCode = 503,
    };

    private static readonly FailedCall Fault = new("profile") { Event = "Connector Execution", Code = "http.timeout" };

    private static readonly FailedCall Named = new("customer/lookup")
    {
        Event = "Connector Execution",
        Code = "db.timeout",
        Outcome = "Too slow",
    };

    public static TheoryData<string, FailedCall, bool> Rows =>
        new()
        {
            { "profile: Generic HTTP Error", Answer, true },
            { "profile: Generic HTTP Error", Fault, false },
            { "profile: 503", Answer, true },
            { "profile: 504", Answer, false },
            { "profile: 502-504", Answer, true },
            { "profile: 504-599", Answer, false },
            { "profile: 5xx", Answer, true },
            { "profile: 5XX", Answer, true },
            { "profile: 4xx", Answer, false },
            { "profile: status", Answer, true },
            { "other: 503", Answer, false },
            { "profile:timeout", Fault, true },
            { "  profile  :  timeout  ", Fault, true },
            { "profile: http.timeout", Fault, true },
            { "profile: db.timeout", Fault, false },
            { "profile: Timeout", Fault, false },
            { "profile: connect", Fault, false },
            { "profile: 000-999", Fault, false },
            { "customer/lookup: timeout", Named, true },
            { "customer/lookup: Too slow", Named, true },
            { "lookup: timeout", Named, false },
            { "customer: timeout", Named, false },
        };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Contains_Entry_CoversThatFailureAlone(string entry, FailedCall call, bool isCovered)
    {
        var accepted = new AcceptedFailures([AcceptedFailure.Parse(entry)!]);

        Assert.Equal(isCovered, accepted.Contains(call));
        Assert.False(AcceptedFailures.None.Contains(call));
    }

    [Theory]
    [InlineData("")]
    [InlineData("profile")]
    [InlineData("profile:")]
    [InlineData(": timeout")]
    [InlineData(" : ")]
    public void Parse_NoEntry_IsNull(string text) => Assert.Null(AcceptedFailure.Parse(text));
}
