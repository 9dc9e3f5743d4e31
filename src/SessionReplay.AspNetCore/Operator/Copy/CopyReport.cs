using System.Globalization;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>Counts what is copied, and says what could not be.</summary>
internal sealed class CopyReport(TextWriter output)
{
    /// <summary>So many failures are printed; all are counted.</summary>
    private const int MaxPrinted = 1_000;

    private const int ProgressEvery = 100;

    private readonly Lock _gate = new();
    private int _failed;
    private int _sessions;
    private int _unchanged;
    private long _chunks;
    private long _bytes;
    private int _repaired;
    private int _keys;
    private int _assets;

    public long AuditRows { get; set; }

    public int Deletions { get; set; }

    public bool HasFailures => _failed > 0;

    public void Unchanged() => Interlocked.Increment(ref _unchanged);

    public void CopiedKey() => Interlocked.Increment(ref _keys);

    public void CopiedAsset() => Interlocked.Increment(ref _assets);

    public void Copied(int chunks)
    {
        lock (_gate)
        {
            _chunks += chunks;
            if (++_sessions % ProgressEvery == 0)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_sessions} sessions are copied."));
            }
        }
    }

    public void Wrote(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>An object of the target had other bytes than the source, and was written again.</summary>
    public void Repaired(string key)
    {
        lock (_gate)
        {
            Print(++_repaired, $"Written again, for the target had other bytes: {key}");
        }
    }

    /// <param name="what">What it is.</param>
    /// <param name="reason">Why not, as a sentence.</param>
    public void Failed(string what, string reason)
    {
        lock (_gate)
        {
            Print(++_failed, $"Not copied: {what}. {reason}");
        }
    }

    public void Summarize()
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Copied {_sessions} sessions ({_chunks} chunks, {_bytes} bytes of objects), {_keys} keys, {_assets} assets, "
            + $"{AuditRows} rows of the audit log and {Deletions} deletions; {_unchanged} sessions have not changed since an earlier copy."));
        if (_repaired > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_repaired} objects of the target were written again."));
        }

        if (_failed > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{_failed} were not copied; run the command again once that is repaired."));
        }
    }

    private void Print(int number, string line)
    {
        if (number <= MaxPrinted)
        {
            output.WriteLine(line);
        }
    }
}
