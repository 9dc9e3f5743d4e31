using System.Globalization;
using System.Text;
using SessionReplay.LoadGenerator;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>Says of batches that were not found where they are, for the message of the test that failed.</summary>
internal static class Diagnosis
{
    private const int MaxNames = 10;
    private const int LinesOfALog = 40;

    public static async Task<string> OfAsync(HttpClient http, HostProcess front, Verification verification)
    {
        var text = new StringBuilder();
        Add(text, "missing", verification.Missing.Select(name => name.ToString()));
        Add(text, "different", verification.Different.Select(name => name.ToString()));
        Add(text, "miscounted", verification.Miscounted.Select(session => session.ToString()));
        return text + await OfAsync(http, front);
    }

    /// <summary>Says what the queue holds, and what the processes logged last.</summary>
    public static async Task<string> OfAsync(HttpClient http, HostProcess front)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"queue: {await TryAsync(() => front.RunCommandAsync("queue"))}");
        text.AppendLine(
            CultureInfo.InvariantCulture, $"dead letters: {await TryAsync(() => http.GetStringAsync(front.Url + "/api/dead-letters"))}");
        foreach (var process in front.Installation)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"--- {process.Roles} at {process.Url}, {(process.End.Length > 0 ? process.End : "running")}; the last it logged:");
            text.AppendJoin('\n', process.Output.TrimEnd().Split('\n').TakeLast(LinesOfALog)).AppendLine();
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string what, IEnumerable<string> names)
    {
        var all = names.ToList();
        if (all.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{what}, {all.Count}: {string.Join(", ", all.Take(MaxNames))}");
        }
    }

    /// <summary>What cannot be asked is told instead: it may be the reason.</summary>
    private static async Task<string> TryAsync(Func<Task<string>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e)
        {
            return e.Message;
        }
    }
}
