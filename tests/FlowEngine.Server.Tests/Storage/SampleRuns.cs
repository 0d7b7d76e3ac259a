using FlowEngine.Execution;
using FlowEngine.Storage;

namespace FlowEngine.Server.Tests.Storage;

/// <summary>Runs to store.</summary>
internal static class SampleRuns
{
    public static RunRecord Waiting(string id, DateTimeOffset now) =>
        new()
        {
            Id = id,
            FlowId = "login",
            FlowVersion = 3,
            Status = RunStatus.Waiting,
            StepToken = "step-1",
            State = "{\"password\":\"hunter2-in-plain\"}"u8.ToArray(),
            BrowserKeyHash = SecretHash.Of("browser"),
            CreatedAt = now,
            ExpiresAt = now.AddHours(1),
        };

    /// <summary>A code that was stored with a run of its own.</summary>
    public static async Task<string> CodeAsync(ServerStorage storage, byte[] content, DateTimeOffset now)
    {
        var code = storage.Codes.New(content);
        await storage.Runs.AddAsync(Waiting(RunId.New(), now), new RunExtras { Code = code }, TestStorage.Stop);
        return code.Text;
    }

    public static RefreshFamily Family(string id, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Subject = "u-1",
            SealedContent = [1, 2, 3],
            CurrentHash = SecretHash.Of(id),
            CreatedAt = now,
            RotatedAt = now,
            ExpiresAt = now.AddDays(28),
        };
}
