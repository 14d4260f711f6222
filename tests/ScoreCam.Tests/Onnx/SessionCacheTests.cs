using System.Reflection;
using FluentAssertions;
using Microsoft.ML.OnnxRuntime;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Onnx;

public class SessionCacheTests
{
    private static readonly FieldInfo Disposed = typeof(InferenceSession)
        .GetField("_disposed", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly List<string> _opened = [];
    private readonly List<InferenceSession> _sessions = [];

    [Fact]
    public void The_most_recently_used_sessions_stay_open()
    {
        using var cache = new SessionCache<SessionKey, NetworkSession>(2, Open);
        foreach (string layer in new[] { "a", "b", "a", "c", "a", "b" })
            cache.Rent(new(layer)).Dispose();
        _opened.Should().Equal(["a", "b", "c", "b"], "b was the least recently used when c was opened");
    }

    [Fact]
    public void A_session_that_is_evicted_while_it_is_used_closes_when_it_is_returned()
    {
        using var cache = new SessionCache<SessionKey, NetworkSession>(1, Open);
        SessionCache<SessionKey, NetworkSession>.Lease first = cache.Rent(new("a"));
        SessionCache<SessionKey, NetworkSession>.Lease shared = cache.Rent(new("a"));
        cache.Rent(new("b")).Dispose();

        shared.Session.Should().BeSameAs(first.Session);
        IsOpen(0).Should().BeTrue("it is evicted, but two runs use it");
        first.Dispose();
        IsOpen(0).Should().BeTrue("one run still uses it");
        shared.Dispose();
        IsOpen(0).Should().BeFalse("no run uses it");
        cache.Rent(new("a")).Dispose();
        _opened.Should().Equal("a", "b", "a");
    }

    [Fact]
    public void Disposing_closes_unused_sessions_at_once_and_the_others_when_they_are_returned()
    {
        var cache = new SessionCache<SessionKey, NetworkSession>(4, Open);
        SessionCache<SessionKey, NetworkSession>.Lease idle = cache.Rent(new("a")), used = cache.Rent(new("b"));
        idle.Dispose();
        cache.Dispose();
        IsOpen(0).Should().BeFalse();
        IsOpen(1).Should().BeTrue();
        used.Dispose();
        IsOpen(1).Should().BeFalse();
    }

    [Fact]
    public void A_session_that_fails_to_open_can_be_requested_again()
    {
        bool fails = true;
        using var cache = new SessionCache<SessionKey,
            NetworkSession>(1, layer => fails ? throw new ScoreCamException("no") : Open(layer));
        ((Action)(() => cache.Rent(new("a")))).Should().Throw<ScoreCamException>();
        fails = false;
        cache.Rent(new("a")).Dispose();
        _opened.Should().Equal("a");
    }

    [Fact]
    public async Task A_request_for_another_layer_does_not_wait_for_a_session_that_opens()
    {
        var (opening, mayOpen) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var cache = new SessionCache<SessionKey, NetworkSession>(1, layer =>
        {
            if (layer.Equals(new SessionKey("slow")))
            {
                opening.SetResult();
                mayOpen.Task.Wait();
            }
            return Open(layer);
        });
        Task<SessionCache<SessionKey, NetworkSession>.Lease> slowly =
            Task.Run(() => cache.Rent(new("slow")), TestContext.Current.CancellationToken);
        await opening.Task;
        try
        {
            await Task.Run(() => cache.Rent(new("quick")).Dispose(), TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
        finally
        {
            mayOpen.SetResult();
        }

        SessionCache<SessionKey, NetworkSession>.Lease lease = await slowly;
        lease.Session.Should().NotBeNull();
        int slow = _opened.IndexOf("slow");
        IsOpen(slow).Should().BeTrue("it was evicted before it was open, but it is in use");
        lease.Dispose();
        IsOpen(slow).Should().BeFalse();
    }

    [Fact]
    public async Task An_interrupted_wait_keeps_no_session_open()
    {
        using ManualResetEventSlim opening = new(), mayOpen = new();
        var cache = new SessionCache<SessionKey, NetworkSession>(2, layer =>
        {
            opening.Set();
            mayOpen.Wait();
            return Open(layer);
        });
        Task<SessionCache<SessionKey, NetworkSession>.Lease> first =
            Task.Factory.StartNew(() => cache.Rent(new("a")), TaskCreationOptions.LongRunning);
        opening.Wait(TestContext.Current.CancellationToken);
        Exception? thrown = null;
        var waiter = new Thread(() => thrown = Record.Exception(() => cache.Rent(new("a"))));
        waiter.Start();
        while (!waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            Thread.Sleep(1);
        waiter.Interrupt();
        waiter.Join();
        mayOpen.Set();

        (await first).Dispose();
        cache.Dispose();
        thrown.Should().BeOfType<ThreadInterruptedException>();
        IsOpen(0).Should().BeFalse();
    }

    [Fact]
    public void Session_keys_are_equal_if_their_taps_are_equal()
    {
        new SessionKey("a", "b").Should().Be(new SessionKey(new List<string> { "a", "b" }));
        new SessionKey("a", "b").GetHashCode().Should().Be(new SessionKey("a", "b").GetHashCode());
        new SessionKey("a", "b").Should()
            .NotBe(new SessionKey("b", "a")).And.NotBe(new SessionKey("a")).And.NotBe(new SessionKey());
    }

    private NetworkSession Open(SessionKey key)
    {
        _opened.Add(key.Taps.Single());
        var session = new InferenceSession(new TinyModel().Input("image", 1, 1, 2, 2).Relu("scores").Output()
            .ToBytes());
        _sessions.Add(session);
        return new NetworkSession(session, "image", "scores", []);
    }

    /// <summary>
    /// Whether the session that was opened at this index is still open. Its class has no public member for this, and
    /// running a closed session ends the process.
    /// </summary>
    private bool IsOpen(int index) => !(bool)Disposed.GetValue(_sessions[index])!;
}
