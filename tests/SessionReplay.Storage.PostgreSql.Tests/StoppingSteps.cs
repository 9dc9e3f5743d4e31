using System.Collections;

namespace SessionReplay.Storage.PostgreSql.Tests;

/// <summary>The steps of a migration whose process stands still before one of them.</summary>
internal sealed class StoppingSteps(IReadOnlyList<string> steps, int before) : IReadOnlyList<string>, IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _goOn = new();

    public int Count => steps.Count;

    /// <summary>Ends when the process stands still.</summary>
    public Task Reached => _reached.Task;

    public string this[int index]
    {
        get
        {
            if (index == before)
            {
                _reached.TrySetResult();
                _goOn.Wait();
            }

            return steps[index];
        }
    }

    public void GoOn() => _goOn.Set();

    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < steps.Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        _goOn.Set();
        _goOn.Dispose();
    }
}
