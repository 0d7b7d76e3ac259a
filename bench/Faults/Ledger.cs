using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace FlowEngine.Bench.Faults;

/// <summary>Per login, single-threaded: who it is, and how far.</summary>
internal sealed class Login(string person, string attempt)
{
    /// <summary>Whose token it must get.</summary>
    public string Person => person;

    /// <summary>What tells it apart from every other.</summary>
    public string Attempt => attempt;

    /// <summary>Goes with its start, which is sent again as it was.</summary>
    public string Key { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>How often a screen was filled in: what is sent again is the same turn.</summary>
    public int Turn { get; set; }

    /// <summary>The node that began it.</summary>
    public Node? Home { get; set; }

    /// <summary>What the claim of its token must be.</summary>
    public string Region => RegionOf(person);

    /// <summary>What the upstream says of a person.</summary>
    public static string RegionOf(string person) => $"region-of-{person}";
}

/// <summary>Shared and immutable: how long a call took, with all its tries.</summary>
/// <param name="Seconds">From its first try.</param>
/// <param name="IsOwn">Whether it went to a node that was lost, or for a run that had begun there.</param>
/// <param name="What">What was asked, and of whom.</param>
internal sealed record Wait(double Seconds, bool IsOwn, string What);

/// <summary>A login that cannot go on.</summary>
internal sealed class LostException(string message) : Exception(message);

/// <summary>Per scenario, thread-safe: the truth about each login, and what became of it.</summary>
internal sealed class Ledger(string scenario)
{
    /// <summary>How many people there are.</summary>
    public const int People = 200;

    private readonly ConcurrentDictionary<string, string> _attempts = new();
    private readonly ConcurrentBag<Wait> _waits = [];
    private readonly ConcurrentDictionary<string, int> _problems = new();
    private int _begun;
    private int _completed;
    private int _refused;
    private int _lost;
    private int _wrong;
    private int _cut;
    private int _late;
    private int _busy;
    private int _odd;
    private int _errors;

    /// <summary>How many logins ended with the right token.</summary>
    public int Completed => _completed;

    /// <summary>How many ended with a clear refusal.</summary>
    public int Refused => _refused;

    /// <summary>How many could not go on.</summary>
    public int Lost => _lost;

    /// <summary>How many got a token of another person, or with another claim.</summary>
    public int Wrong => _wrong;

    /// <summary>How many calls were sent, and their connection ended without an answer.</summary>
    public int Cut => _cut;

    /// <summary>How many calls their client gave up, to try again.</summary>
    public int Late => _late;

    /// <summary>How many were told to come again (503, 429).</summary>
    public int Busy => _busy;

    /// <summary>How many got another 5xx.</summary>
    public int Odd => _odd;

    /// <summary>How many screens said that something went wrong.</summary>
    public int Errors => _errors;

    /// <summary>What went wrong most.</summary>
    public IEnumerable<string> Problems =>
        _problems.OrderByDescending(problem => problem.Value).Take(3).Select(problem => $"{problem.Value} × {problem.Key}");

    /// <summary>Somebody comes.</summary>
    public Login Begin()
    {
        var number = Interlocked.Increment(ref _begun);
        var login = new Login($"u-{number % People}", $"{scenario}-{number}");
        _attempts[login.Attempt] = login.Person;
        return login;
    }

    /// <summary>Whether an attempt is that of a person, as the upstream sees it.</summary>
    public bool IsOf(string attempt, string person) => _attempts.TryGetValue(attempt, out var whose) && whose == person;

    /// <summary>A login ended with the right token.</summary>
    public void Complete() => Interlocked.Increment(ref _completed);

    /// <summary>A login ended with a clear refusal.</summary>
    public void Refuse(string why) => Count(ref _refused, $"refused: {why}");

    /// <summary>A login cannot go on.</summary>
    public void Lose(string why) => Count(ref _lost, $"lost: {why}");

    /// <summary>A login got what belongs to another.</summary>
    public void Mistake(string why) => Count(ref _wrong, $"wrong: {why}");

    /// <summary>A call was sent, and its connection ended without an answer.</summary>
    public void CutOff() => Interlocked.Increment(ref _cut);

    /// <summary>A client gave a call up, and tries again.</summary>
    public void GiveUp() => Interlocked.Increment(ref _late);

    /// <summary>A call was told to come again.</summary>
    public void TurnAway() => Interlocked.Increment(ref _busy);

    /// <summary>A call got a 5xx that nobody asked for.</summary>
    public void Fail(string what) => Count(ref _odd, what);

    /// <summary>A screen said that something went wrong, and can be filled in again.</summary>
    public void Show(string code) => Count(ref _errors, $"screen says {code}");

    /// <summary>A call was answered, after all its tries.</summary>
    public void Answer(Wait wait) => _waits.Add(wait);

    /// <summary>The longest that a call took, in seconds.</summary>
    public double Longest => _waits.Select(wait => wait.Seconds).DefaultIfEmpty().Max();

    /// <summary>The longest of those that had nothing to do with a lost node.</summary>
    public Wait LongestOfOthers => _waits.Where(wait => !wait.IsOwn).MaxBy(wait => wait.Seconds) ?? new Wait(0, false, "nothing");

    /// <summary>The time that this share of all calls stays below, in seconds.</summary>
    public double Percentile(double share)
    {
        var waits = _waits.Select(wait => wait.Seconds).Order().ToArray();
        return waits.Length == 0 ? 0 : waits[Math.Min(waits.Length - 1, (int)(waits.Length * share))];
    }

    private void Count(ref int count, string problem)
    {
        Interlocked.Increment(ref count);
        _problems.AddOrUpdate(problem.ReplaceLineEndings(" "), 1, (_, known) => known + 1);
    }
}
