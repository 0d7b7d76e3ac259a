using System.Globalization;
using System.Reflection;
using FlowEngine.Activities;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector;

/// <summary>
/// Shared and immutable: the outcomes that an activity names for answers and faults. The most exact matcher wins: a status before a
/// range, a narrow range before a wide one, any range before a class. What none names goes the way of its error event.
/// </summary>
internal sealed class AnswerOutcomes
{
    /// <summary>The words for faults, which are what stands behind the dot of their codes, with the codes.</summary>
    public static readonly IReadOnlyDictionary<string, string> Faults = typeof(HttpFaultCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetRawConstantValue()!)
        // Only a call that nobody waits for is queued.
        .Where(code => code != HttpFaultCodes.Queue)
        .ToDictionary(code => code[(code.LastIndexOf('.') + 1)..], StringComparer.Ordinal);

    private const int FirstStatus = 100;
    private const int LastStatus = 999;
    private const string SuccessName = "Success";
    private const string Setting = "outcomes";

    private readonly string[] _names;
    private readonly int[] _byStatus = new int[LastStatus + 1];
    private readonly Dictionary<string, int> _byFault = new(StringComparer.Ordinal);
    private readonly StatusCodeSet _successes;

    private AnswerOutcomes(string[] names, StatusCodeSet successes)
    {
        _names = names;
        _successes = successes;
    }

    /// <summary>All statuses there can be.</summary>
    public static IEnumerable<int> Statuses => Enumerable.Range(FirstStatus, LastStatus - FirstStatus + 1);

    /// <summary><c>Success</c>, which is taken by what is a success and is not named, and the names, in order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Reads the setting; null when it names none.</summary>
    /// <param name="settings">The activity's settings.</param>
    /// <param name="successes">Which statuses are successes.</param>
    /// <param name="compilation">Where problems go.</param>
    public static AnswerOutcomes? Parse(GenericHttpSettings settings, StatusCodeSet successes, ActivityCompilation compilation)
    {
        if (settings.Outcomes is not { Count: > 0 } given)
            return null;
        if (settings.Async != AsyncCall.No)
            compilation.Error(
                HttpErrors.Outcomes,
                Setting,
                "A call that nobody waits for has no answer by which it could leave.",
                "Remove \"outcomes\", or \"async\"."
            );
        var reader = new Reader(compilation.At(Setting), compilation.Problems);
        List<string> names = [SuccessName];
        foreach (var (name, matchers) in given)
        {
            if (reader.Read(names.Count, name, matchers))
                names.Add(name);
        }
        var outcomes = new AnswerOutcomes([.. names], successes);
        outcomes.Take(reader);
        return outcomes;
    }

    /// <summary>For each matcher of statuses one that it leads by; none for what others name more exactly.</summary>
    public IReadOnlyList<int> Examples { get; private set; } = [];

    /// <summary>The codes of the faults that are named.</summary>
    public IReadOnlyCollection<string> FaultCodes => _byFault.Keys;

    /// <summary>The outcome of an answer; 0 when none is named for it.</summary>
    public int OfStatus(int statusCode) => (uint)statusCode < (uint)_byStatus.Length ? _byStatus[statusCode] : 0;

    /// <summary>The outcome of a fault; 0 when none is named for it.</summary>
    public int OfFault(string code) => _byFault.GetValueOrDefault(code);

    /// <summary>What may lead to an outcome.</summary>
    public OutcomeCauses CausesOf(int port)
    {
        var causes = OutcomeCauses.None;
        foreach (var (code, leadsTo) in _byFault)
        {
            if (leadsTo == port)
                causes |= code == HttpFaultCodes.NotSuccess ? OutcomeCauses.Refusal : OutcomeCauses.Fault;
        }
        for (var status = FirstStatus; status <= LastStatus; status++)
        {
            if (_byStatus[status] == port)
                causes |= _successes.Contains(status) ? OutcomeCauses.Success : OutcomeCauses.Refusal;
        }
        return causes;
    }

    /// <summary>Gives each status to the most exact of those that name it: the exact come last, and stay.</summary>
    private void Take(Reader reader)
    {
        foreach (var (code, port) in reader.Faults)
            _byFault[code] = port;
        if (reader.HasErrors)
            return;
        foreach (var matcher in reader.Statuses.OrderByDescending(matcher => matcher.Exactness))
            _byStatus.AsSpan(matcher.First, matcher.Count).Fill(matcher.Port);
        Examples =
        [
            .. reader
                .Statuses.Select(matcher => Array.IndexOf(_byStatus, matcher.Port, matcher.First, matcher.Count))
                .Where(first => first >= 0)
                .Distinct(),
        ];
        for (var port = 1; port < _names.Length; port++)
        {
            if (CausesOf(port) == OutcomeCauses.None)
                reader.WarnOfNever(_names[port]);
        }
    }

    /// <summary>Statuses that an outcome names.</summary>
    private readonly record struct StatusMatcher(int First, int Last, bool IsClass, int Port, SourceLocation At)
    {
        public int Count => Last - First + 1;

        /// <summary>Less is more exact.</summary>
        public int Exactness => IsClass ? LastStatus + 1 : Count;
    }

    /// <summary>Per compilation and single-threaded: reads matchers.</summary>
    private sealed class Reader(SourceLocation at, DiagnosticBag problems)
    {
        private const string Words = "Write a status (\"404\"), a range (\"502-504\"), a class (\"5xx\"), or a fault such as \"timeout\".";

        private readonly HashSet<(int First, int Last, bool IsClass)> _seen = [];

        public List<StatusMatcher> Statuses { get; } = [];

        public Dictionary<string, int> Faults { get; } = new(StringComparer.Ordinal);

        public bool HasErrors { get; private set; }

        /// <summary>Reads an outcome.</summary>
        /// <returns>Whether its name can be one.</returns>
        public bool Read(int port, string name, IReadOnlyList<string> matchers)
        {
            var place = at.At(name);
            var isName = name is not ("" or SuccessName or GenericHttp.HttpErrorEvent or GenericHttp.ExecutionEvent);
            if (name.Length == 0)
                Error(place, "An outcome has no name.", "Name it by what it means for the flow, such as \"Not found\".");
            else if (!isName)
                Error(place, $"'{name}' is an outcome that the activity has anyway.", "Choose another name.");
            if (matchers.Count == 0)
                Error(place, $"Nothing leads to the outcome '{name}'.", Words);
            for (var i = 0; i < matchers.Count && !problems.IsHopeless; i++)
                ReadMatcher(port, matchers[i], place.At(i));
            return isName;
        }

        public void WarnOfNever(string name) =>
            problems.Warning(
                HttpErrors.Outcomes,
                at.At(name),
                $"The outcome '{name}' is never taken: all that it names is named more exactly by others.",
                "Remove it, or what goes before it."
            );

        private void ReadMatcher(int port, string text, SourceLocation place)
        {
            if (AnswerOutcomes.Faults.TryGetValue(text, out var code))
            {
                if (!Faults.TryAdd(code, port))
                    ReportTwice(place, text);
            }
            else if (TryReadStatuses(text, out var first, out var last, out var isClass))
            {
                if (!_seen.Add((first, last, isClass)))
                    ReportTwice(place, text);
                else if (!isClass && Statuses.FindIndex(other => Crosses(other, first, last)) is >= 0 and var other)
                    Error(
                        place,
                        $"'{text}' and '{Statuses[other].First}-{Statuses[other].Last}' overlap, and neither is the more exact.",
                        "Let ranges lie within or beside each other."
                    );
                else
                    Statuses.Add(new StatusMatcher(first, last, isClass, port, place));
            }
            else
            {
                Error(place, $"'{text}' is neither status nor fault.", Suggestion.For(text, AnswerOutcomes.Faults.Keys) ?? Words);
            }
        }

        private void ReportTwice(SourceLocation place, string text) =>
            Error(place, $"'{text}' already leads to an outcome.", "Write it once: exactly one outcome is taken.");

        private void Error(SourceLocation place, string message, string advice)
        {
            HasErrors = true;
            problems.Error(HttpErrors.Outcomes, place, message, advice);
        }

        private static bool Crosses(StatusMatcher other, int first, int last) =>
            !other.IsClass
            && other.First <= last
            && first <= other.Last
            && !(other.First <= first && last <= other.Last)
            && !(first <= other.First && other.Last <= last);

        private static bool TryReadStatuses(string text, out int first, out int last, out bool isClass)
        {
            (first, last, isClass) = (0, 0, false);
            if (text.Length == 3 && text[0] is >= '1' and <= '9' && text.EndsWith("xx", StringComparison.OrdinalIgnoreCase))
            {
                (first, isClass) = ((text[0] - '0') * 100, true);
                last = first + 99;
                return true;
            }
            var dash = text.IndexOf('-', StringComparison.Ordinal);
            if (dash < 0)
                return TryReadStatus(text, out first) && TryReadStatus(text, out last);
            return TryReadStatus(text.AsSpan(0, dash), out first) && TryReadStatus(text.AsSpan(dash + 1), out last) && first <= last;
        }

        private static bool TryReadStatus(ReadOnlySpan<char> text, out int status) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= FirstStatus and <= LastStatus;
    }
}

/// <summary>What may lead to an outcome.</summary>
[Flags]
internal enum OutcomeCauses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An answer that is a success.</summary>
    Success = 1,

    /// <summary>An answer that is none.</summary>
    Refusal = 2,

    /// <summary>No usable answer.</summary>
    Fault = 4,
}
