//! The laws of `Engine`, as functions that hold on every occupant: on the fake always, on Docker where there is a daemon.
//!
//! A law speaks to a [`Stage`], which knows how to make its engine's containers act as the law needs. `laws!` lists them all; both test
//! binaries make one test of each.

pub mod containers;
pub mod files;
pub mod objects;
pub mod output;
pub mod stage;

/// Calls `$test!` with the module and the name of every law.
macro_rules! laws {
    ($test:ident) => {
        $test!(containers::exit_codes_are_told);
        $test!(containers::a_start_that_fails_is_told_and_starts_nothing);
        $test!(containers::what_runs_says_so_and_what_ended_too);
        $test!(containers::a_stop_is_obeyed_within_its_grace);
        $test!(containers::a_stop_kills_what_does_not_obey);
        $test!(containers::stopping_what_has_ended_or_is_gone_succeeds);
        $test!(containers::a_kill_ends_at_once);
        $test!(containers::removing_kills_and_can_be_repeated);
        $test!(containers::commands_answer_their_code_and_output);
        $test!(containers::a_command_that_takes_too_long_times_out);
        $test!(containers::a_command_needs_a_running_container);
        $test!(containers::a_name_is_taken_once);
        $test!(containers::free_ports_are_found_and_told);
        $test!(containers::a_taken_port_is_told_by_its_number);
        $test!(output::each_stream_is_complete_and_in_order);
        $test!(output::the_exit_answers_after_the_last_byte);
        $test!(output::nobody_needs_to_listen);
        $test!(output::logs_are_kept_after_the_end);
        $test!(output::logs_are_followed_to_the_end);
        $test!(files::what_a_container_wrote_can_be_taken_out);
        $test!(files::what_is_put_in_comes_out_again);
        $test!(files::what_is_not_there_is_not_found);
        $test!(objects::unknown_objects_are_not_found);
        $test!(objects::removing_unknown_objects_succeeds);
        $test!(objects::objects_are_listed_by_label);
        $test!(objects::two_networks_may_have_one_name);
        $test!(objects::a_network_in_use_stays);
        $test!(objects::a_network_is_vacated_and_its_members_run_on);
        $test!(objects::a_container_leaves_a_network_and_comes_back);
        $test!(containers::what_is_frozen_goes_on_when_it_is_thawed);
        $test!(containers::what_is_frozen_can_be_killed_and_removed);
        $test!(objects::a_volume_is_made_once_and_stays_while_in_use);
        $test!(objects::an_image_has_as_many_names_as_it_is_given);
        $test!(objects::what_no_registry_has_is_not_offered);
        $test!(objects::the_engine_says_who_it_is);
    };
}

pub(crate) use laws;
