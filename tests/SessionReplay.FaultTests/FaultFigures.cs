using System.Globalization;
using SessionReplay.LoadGenerator;

namespace SessionReplay.FaultTests;

/// <summary>
/// The figures of every case, printed when they are there and kept in fault-figures.txt beside the test assembly, with a sum for each
/// adapter.
/// </summary>
internal static class FaultFigures
{
    private static readonly Lock Writing = new();
    private static readonly List<string> Notes = [];
    private static readonly List<(string Adapter, string Case, Verification Verification)> Cases = [];

    /// <summary>Keeps a figure that is no count of batches.</summary>
    public static void AddNote(string line)
    {
        lock (Writing)
        {
            Notes.Add(line);
            Write();
        }

        Console.WriteLine(line);
    }

    public static string Add(string adapter, string fault, Verification verification)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{adapter}, {fault}: {Print([verification])}, {verification.Requests} requests");
        lock (Writing)
        {
            Cases.Add((adapter, fault, verification));
            Write();
        }

        Console.WriteLine(line);
        return line;
    }

    private static void Write() => File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "fault-figures.txt"), Lines().Concat(Notes));

    private static IEnumerable<string> Lines()
    {
        var sorted = Cases.OrderBy(item => item.Adapter, StringComparer.Ordinal).ThenBy(item => item.Case, StringComparer.Ordinal).ToList();
        foreach (var adapter in sorted.GroupBy(item => item.Adapter))
        {
            foreach (var item in adapter)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"  {item.Case}: {Print([item.Verification])}, {item.Verification.Requests} requests");
            }

            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{adapter.Key}: {adapter.Count()} cases, {Print([.. adapter.Select(item => item.Verification)])}");
        }

        yield return string.Create(
            CultureInfo.InvariantCulture, $"all: {Cases.Count} cases, {Print([.. Cases.Select(item => item.Verification)])}");
    }

    private static string Print(IReadOnlyCollection<Verification> all) => string.Create(
        CultureInfo.InvariantCulture,
        $"{all.Sum(v => v.Sent)} sent, {all.Sum(v => v.Acknowledged)} acknowledged, {all.Sum(v => v.Found)} found, {all.Sum(v => v.Duplicates)} duplicates, {all.Sum(v => v.Missing.Count)} missing");
}
